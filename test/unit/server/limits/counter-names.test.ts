/** The counters of a send and of a check, with their names. No release may change a name: the counts under it would be forgotten. */
import { expect, it } from 'vitest';
import { createRateLimits, type LimitSubject, type Limits } from '../../../../src/server/limits/rate-limits.js';
import { memoryStore } from '../../../../src/server/store/memory.js';
import type { Store } from '../../../../src/server/store/store.js';

const now = Date.UTC(2026, 0, 1, 12);
const signedIn: LimitSubject = {
  purpose: 'contact',
  subject: 'ada',
  address: '192.0.2.1',
  contact: { type: 'phone', value: '+14155552671' },
  country: 'US',
};
const nobody: LimitSubject = { ...signedIn, purpose: 'two-factor', subject: null };
const mail: LimitSubject = { ...nobody, contact: { type: 'email', value: 'Ada+1@example.com' }, country: undefined };

/** The counters of one call, one in a line: key, limit, window, backoff, and the input of `member` and `owner`. */
async function counters(call: (limits: Limits) => Promise<unknown>, longCodes = false): Promise<string> {
  const lines: string[] = [];
  const memory = memoryStore();
  const reserve: Store['reserve'] = (counters, at) => {
    for (const { key, limit, window, backoff, member, owner } of counters) {
      const rest = [backoff && `backoff ${backoff.join(' ')}`, member && `member ${member}`, owner && `owner ${owner}`];
      lines.push([key, `${limit} in ${window} s`, ...rest.filter(Boolean)].join(' · '));
    }
    return memory.reserve(counters, at);
  };
  await call(createRateLimits({ ...memory, reserve }, (text) => text, 600, {}, { longCodes }));
  return `\n${lines.join('\n')}\n`;
}

it('a send of a signed-in user to a number has eighteen counters, and looks at two of checks', async () => {
  expect(await counters((limits) => limits.send(signedIn, now))).toMatchInlineSnapshot(`
    "
    ["send.contact","contact","phone","+14155552671"] · 10 in 86400 s · backoff 30 40 60 90 120 260
    ["send.contact","subject","ada"] · 20 in 86400 s
    ["send.contact","subject","ada"].tries · 60 in 86400 s
    ["send.contact","subject","ada"].destinations · 5 in 86400 s · member ["send.contact.member","[\\"send.contact\\",\\"subject\\",\\"ada\\"]","contact","phone","+14155552671"]
    ["send.contact","address","192.0.2.1"].hour · 20 in 3600 s
    ["send.contact","address","192.0.2.1"].day · 60 in 86400 s
    ["send.contact","address","192.0.2.1"].tries.hour · 60 in 3600 s
    ["send.contact","address","192.0.2.1"].tries.day · 180 in 86400 s
    ["send.contact","network","192.0.2.0/24"].hour · 200 in 3600 s · owner 552671"]
    ["send.contact","network","192.0.2.0/24"].day · 600 in 86400 s · owner 552671"]
    ["send.contact","prefix","1415555"].hour · 20 in 3600 s
    ["send.contact","prefix","1415555"].day · 50 in 86400 s
    ["send.contact","country","US"].hour · 360 in 3600 s
    ["send.contact","country","US"].day · 4000 in 86400 s
    ["send.contact","contactType","phone"].hour · 540 in 3600 s
    ["send.contact","contactType","phone"].day · 4500 in 86400 s
    ["send.contact","total"].hour · 600 in 3600 s
    ["send.contact","total"].day · 5000 in 86400 s
    ["check.contact.destination","contact","phone","+14155552671"] · 10 in 86400 s · backoff 0 0 30 60 120 300 900 · owner ["check.contact.by","ada","192.0.2.1","contact","phone","+14155552671"]
    ["check.contact.subject","subject","ada"] · 10 in 86400 s · backoff 0 0 30 60 120 300 900 · owner ["check.contact.by","ada","192.0.2.1","contact","phone","+14155552671"]
    "
  `);
});

it('an anonymous send to an e-mail address of two-factor has fifteen, by mailbox and not by spelling', async () => {
  expect(await counters((limits) => limits.send(mail, now))).toMatchInlineSnapshot(`
    "
    ["send.two-factor.pair",null,"contact","email","ada@example.com"] · 10 in 86400 s · backoff 30 40 60 90 120 260
    ["send.two-factor","contact","email","ada@example.com"] · 30 in 86400 s
    ["send.two-factor","address","192.0.2.1"].destinations · 40 in 86400 s · member ["send.two-factor.member","[\\"send.two-factor\\",\\"address\\",\\"192.0.2.1\\"]","contact","email","ada@example.com"]
    ["send.two-factor","address","192.0.2.1"].hour · 20 in 3600 s
    ["send.two-factor","address","192.0.2.1"].day · 60 in 86400 s
    ["send.two-factor","address","192.0.2.1"].tries.hour · 60 in 3600 s
    ["send.two-factor","address","192.0.2.1"].tries.day · 180 in 86400 s
    ["send.two-factor","network","192.0.2.0/24"].hour · 200 in 3600 s · owner le.com"]
    ["send.two-factor","network","192.0.2.0/24"].day · 600 in 86400 s · owner le.com"]
    ["send.two-factor","mailDomain","example.com"].hour · 100 in 3600 s
    ["send.two-factor","mailDomain","example.com"].day · 300 in 86400 s
    ["send.two-factor","contactType","email"].hour · 240 in 3600 s
    ["send.two-factor","contactType","email"].day · 2000 in 86400 s
    ["send.two-factor","total"].hour · 600 in 3600 s
    ["send.two-factor","total"].day · 5000 in 86400 s
    ["check.two-factor.destination","contact","email","ada@example.com"] · 30 in 86400 s · owner ["check.two-factor.by",null,"192.0.2.1","contact","email","ada@example.com"]
    ["check.two-factor.address","address","192.0.2.1"] · 10 in 86400 s · owner ["check.two-factor.by",null,"192.0.2.1","contact","email","ada@example.com"]
    "
  `);
});

it('a check of a signed-in user has three', async () => {
  expect(await counters((limits) => limits.check(signedIn, 'VE1', now))).toMatchInlineSnapshot(`
      "
      ["check.contact.verification","verification","VE1"] · 4 in 600 s
      ["check.contact.destination","contact","phone","+14155552671"] · 10 in 86400 s · backoff 0 0 30 60 120 300 900 · owner ["check.contact.by","ada","192.0.2.1","contact","phone","+14155552671"]
      ["check.contact.subject","subject","ada"] · 10 in 86400 s · backoff 0 0 30 60 120 300 900 · owner ["check.contact.by","ada","192.0.2.1","contact","phone","+14155552671"]
      "
    `);
});

it('an anonymous check has three, and the address has no backoff', async () => {
  expect(await counters((limits) => limits.check(nobody, 'VE1', now))).toMatchInlineSnapshot(`
    "
    ["check.two-factor.verification","verification","VE1"] · 4 in 600 s
    ["check.two-factor.destination","contact","phone","+14155552671"] · 30 in 86400 s · owner ["check.two-factor.by",null,"192.0.2.1","contact","phone","+14155552671"]
    ["check.two-factor.address","address","192.0.2.1"] · 10 in 86400 s · owner ["check.two-factor.by",null,"192.0.2.1","contact","phone","+14155552671"]
    "
  `);
});

it('a check of a code of eight digits has a destination of its own, for which codes of six digits give up one guess', async () => {
  const both = async (limits: Limits) => {
    await limits.check(signedIn, 'VE1', now);
    await limits.check({ ...signedIn, longCode: true }, 'VE2', now);
  };
  const names = (await counters(both, true)).replaceAll(/ · (owner|backoff) .*/g, '');
  expect(names).toMatchInlineSnapshot(`
    "
    ["check.contact.verification","verification","VE1"] · 4 in 600 s
    ["check.contact.destination","contact","phone","+14155552671"] · 9 in 86400 s
    ["check.contact.subject","subject","ada"] · 10 in 86400 s
    ["check.contact.verification","verification","VE2"] · 4 in 600 s
    ["check.contact.long","contact","phone","+14155552671"] · 100 in 86400 s
    ["check.contact.subject","subject","ada"] · 10 in 86400 s
    "
  `);
});

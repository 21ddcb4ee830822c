/** Known and unknown contacts get the same answer, in bytes and in time (OWASP Authentication Cheat Sheet; CVE-2023-39522). */
import { describe, expect, it } from 'vitest';
import { memoryAccounts, type Challenge } from '../../../src/server/index.js';
import { createStack, EMAIL, ENDPOINT, ORIGIN, OTHER_PHONE, PHONE, type Stack } from '../../support/backend-stack.js';
import { actor } from '../../support/attacker.js';
import { recordAttack } from '../../support/attack-metrics.js';

const generous = {
  sends: {
    address: false,
    prefix: false,
    country: false,
    total: { perDay: 99_999 },
    addressDestinations: false,
    subject: false,
    subjectDestinations: false,
  },
} as const;

async function half(): Promise<Stack> {
  const stack = await createStack({
    accounts: memoryAccounts({ uniqueContacts: true }),
    limits: generous,
    twoFactor: { required: 'always', email: true },
  });
  await stack.accounts.contactVerified('bob', { type: 'phone', value: PHONE });
  await stack.accounts.contactVerified('bob', { type: 'email', value: EMAIL });
  return stack;
}

/** The whole response to a request for that contact. What must differ, the contact and the sealed token, is made equal. */
async function story(to: string, user: string | null): Promise<string[]> {
  const stack = await half();
  const ask = actor(stack, { user });
  const start = await ask.contact({ to });
  const wrong = await ask.check(start.body.challenge, stack.wrongCode(to));
  const soon = await ask.resend({ challenge: start.body.challenge });
  const again = await ask.contact({ to });
  return [start, wrong, soon, again].map(({ status, body, response }) => {
    const { challenge: token, methods, ...rest } = body as Partial<Challenge>;
    const shown = { ...rest, to: 'to', methods: methods?.map(({ channel }) => channel), token: token?.length };
    return `${status} ${JSON.stringify([...response.headers])} ${JSON.stringify(shown)}`;
  });
}

describe('known and unknown contacts', () => {
  it.each([null, 'mallory'])('are answered with the same bytes to %s', async (user) => {
    expect(await story(PHONE, user)).toEqual(await story('+14155552672', user));
    expect(await story(EMAIL, user)).toEqual(await story('ade@example.com', user));
    expect(await story(OTHER_PHONE, user)).toEqual(await story('+447400123457', user));
  });

  it('are answered in the same time: 1,000 interleaved samples cannot be distinguished', async () => {
    const stack = await createStack({ accounts: memoryAccounts({ uniqueContacts: true }), limits: generous });
    const known: string[] = [];
    const unknown: string[] = [];
    for (let n = 0; n < 520; n += 1) {
      known.push(`+4474001${String(10_000 + 2 * n)}`);
      unknown.push(`+4474001${String(10_001 + 2 * n)}`);
      await stack.accounts.contactVerified(`user ${n}`, { type: 'phone', value: known[n] ?? '' });
    }
    const time = async (to: string | undefined): Promise<number> => {
      const headers = { 'content-type': 'application/json', origin: ORIGIN };
      const request = new Request(`${ENDPOINT}/contact`, { method: 'POST', headers, body: JSON.stringify({ to }) });
      const begin = performance.now();
      await stack.handler(request, { address: '198.51.100.7' });
      return performance.now() - begin;
    };
    const samples: { took: number; known: boolean }[] = [];
    for (let n = 0; n < 520; n += 1) {
      // Each of the two comes first equally often.
      const pair = n % 2 === 0 ? [true, false] : [false, true];
      for (const one of pair) samples.push({ took: await time((one ? known : unknown)[n]), known: one });
    }
    // The first samples are left out, since the compiler is still at work. The rest are ranked (Mann-Whitney): 0.5 means no difference.
    const ranked = samples.slice(40).sort((one, other) => one.took - other.took);
    const ranks = ranked.reduce((sum, { known: is }, i) => sum + (is ? i + 1 : 0), 0);
    const separation = (ranks - (500 * 501) / 2) / (500 * 500);
    // Equal distributions stay within 0.5 ± 0.018 (one standard error); five of them are chance once in two million runs.
    expect(Math.abs(separation - 0.5)).toBeLessThan(0.09);
    recordAttack({
      attack: '1,000 interleaved times of known and unknown contacts',
      note: `area under the curve ${separation.toFixed(3)}; 0.5 is a coin`,
    });
  }, 60_000);
});

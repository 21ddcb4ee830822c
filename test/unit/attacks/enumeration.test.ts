/** Known and unknown contacts get the same answer, in bytes and in time, and so do those that somebody else verifies now (OWASP Authentication Cheat Sheet; CVE-2023-39522). */
import { describe, expect, it } from 'vitest';
import { memoryAccounts, type Challenge } from '../../../src/server/index.js';
import {
  createStack,
  EMAIL,
  ENDPOINT,
  ORIGIN,
  OTHER_PHONE,
  PHONE,
  type Reply,
  type Stack,
} from '../../support/backend-stack.js';
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

/** A whole response. What must differ, the contact and the sealed token, is made equal. */
function bytesOf({ status, body, response }: Reply<object>): string {
  const { challenge: token, methods, ...rest } = body as Partial<Challenge>;
  const shown = { ...rest, to: 'to', methods: methods?.map(({ channel }) => channel), token: token?.length };
  return `${status} ${JSON.stringify([...response.headers])} ${JSON.stringify(shown)}`;
}

/** The responses to the requests of a person who verifies that contact. */
async function story(to: string, user: string | null): Promise<string[]> {
  const stack = await half();
  const ask = actor(stack, { user });
  const start = await ask.contact({ to });
  const wrong = await ask.check(start.body.challenge, stack.wrongCode(to));
  const soon = await ask.resend({ challenge: start.body.challenge });
  const again = await ask.contact({ to });
  return [start, wrong, soon, again].map(bytesOf);
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

/** What somebody may have done at a contact before a stranger starts there. */
const before: Record<string, (stack: Stack, to: string) => Promise<unknown>> = {
  'started now': (stack, to) => stack.as('ada').contact({ to }),
  'started 400 seconds ago': async (stack, to) => {
    await stack.as('ada').contact({ to });
    stack.clock.advance(400);
  },
  'had three messages, 20 seconds ago': async (stack, to) => {
    const { challenge } = (await stack.as('ada').contact({ to })).body;
    for (const wait of [30, 40, 20]) {
      stack.clock.advance(wait);
      if (wait > 20) await stack.as('ada').resend({ challenge });
    }
  },
  'entered two wrong codes': async (stack, to) => {
    const { challenge } = (await stack.as('ada').contact({ to })).body;
    for (let n = 0; n < 2; n += 1) await stack.as('ada').check(challenge, stack.wrongCode(to));
  },
  'started without signing in': (stack, to) =>
    actor(stack, { address: '203.0.113.9' }).contact({ to, channel: to.includes('@') ? 'email' : 'whatsapp' }),
};

describe('a contact that somebody else is verifying', () => {
  it.each(Object.entries(before))(
    'and %s: a stranger gets the bytes of a contact that nobody knows',
    async (_, act) => {
      for (const [theirs, unknown] of [
        [PHONE, '+14155552672'],
        [EMAIL, 'ade@example.com'],
      ] as const) {
        for (const user of [null, 'mallory']) {
          const stack = await createStack({ limits: generous });
          await act(stack, theirs);
          const stranger = actor(stack, { user });
          expect(bytesOf(await stranger.contact({ to: theirs }))).toBe(
            bytesOf(await stranger.contact({ to: unknown })),
          );
        }
      }
    },
  );

  it('and has used up the wrong codes of: a stranger gets a new code, and reads only that the number had a message today', async () => {
    const stack = await createStack();
    const { challenge } = (await stack.as('ada').contact({ to: PHONE })).body;
    for (let n = 0; n < 4; n += 1) {
      const { body } = await stack.as('ada').check(challenge, stack.wrongCode(PHONE));
      stack.clock.advance(Math.min(body.retryIn ?? 0, 60));
    }
    const { body } = await stack.as('mallory').contact({ to: PHONE });
    expect(body).toMatchObject({ expiresIn: 600, resendIn: 40, channel: 'sms' });
  });

  it('is refused to a stranger whose messages are used up, as any other is', async () => {
    const stack = await createStack({ limits: { sends: { address: { perDay: 1 } } } });
    await actor(stack, { user: 'ada', address: '203.0.113.9' }).contact({ to: PHONE });
    const stranger = actor(stack);
    await stranger.contact({ to: OTHER_PHONE });
    const [theirs, unknown] = [await stranger.contact({ to: PHONE }), await stranger.contact({ to: '+14155552672' })];
    expect(theirs.problem).toBe('too-many-sends');
    expect(bytesOf(theirs)).toBe(bytesOf(unknown));
  });

  it('has the true figures for whoever started, and for a resend', async () => {
    const stack = await createStack();
    await stack.as('ada').contact({ to: PHONE });
    stack.clock.advance(40);
    const foreign = (await stack.as('mallory').contact({ to: PHONE })).body;
    expect(foreign).toMatchObject({ expiresIn: 600, resendIn: 30 });
    expect((await stack.as('ada').contact({ to: PHONE })).body).toMatchObject({ expiresIn: 560, resendIn: 40 });
    stack.clock.advance(40);
    const again = (await stack.as('mallory').resend({ challenge: foreign.challenge })).body;
    expect(again).toMatchObject({ expiresIn: 520, resendIn: 60 });
    stack.clock.advance(520);
    expect((await stack.as('mallory').check(foreign.challenge, stack.code(PHONE))).problem).toBe('code-expired');
    recordAttack({
      attack: 'starts at contacts that somebody else is verifying',
      note: `0 of ${Object.keys(before).length * 4} answers differ from that of an unknown contact`,
    });
  });
});

/** A second factor that no code can be sent to today is still one: a thief with the password enrols nothing in its place. */
import { describe, expect, it } from 'vitest';
import type { Identity, VerifiedContacts } from '../../../src/server/index.js';
import { createStack, EMAIL, OTHER_PHONE, PHONE, type Stack, type StackOptions } from '../../support/backend-stack.js';
import { actor, tally } from '../../support/attacker.js';
import { recordAttack } from '../../support/attack-metrics.js';

const BERLIN = '+493012345678';
const OTHER_EMAIL = 'eve@example.com';

interface Row {
  what: string;
  /** What the accounts hold. Rows of a host's own database may hold anything. */
  stored: Record<string, unknown>;
  options?: StackOptions;
}

const unreachable: Row[] = [
  { what: 'a landline, since calls were switched off', stored: { phone: BERLIN }, options: { channels: ['sms'] } },
  { what: 'a phone, since only e-mail is on', stored: { phone: PHONE }, options: { channels: ['email'] } },
  { what: 'an address, since only texts are on', stored: { email: EMAIL }, options: { channels: ['sms'] } },
  { what: 'a phone of a country that was taken out', stored: { phone: PHONE }, options: { countries: ['GB'] } },
  {
    what: 'a landline, since only mobiles are allowed',
    stored: { phone: BERLIN },
    options: { numberTypes: ['mobile'], channels: ['sms', 'call'] },
  },
  { what: 'a number that the metadata no longer knows', stored: { phone: '+4915000000000000' } },
  { what: 'a premium-rate number', stored: { phone: '+19002345678' } },
  { what: 'a number without its country', stored: { phone: '(415) 555-2671' } },
  { what: 'a number with an extension', stored: { phone: `${PHONE};ext=7` } },
  { what: 'an empty phone', stored: { phone: '' } },
  { what: 'a blank phone', stored: { phone: ' ' } },
  { what: 'a phone that is a number', stored: { phone: 14155552671 } },
  { what: 'a phone that is a list', stored: { phone: [PHONE] } },
  { what: 'a phone that is false', stored: { phone: false } },
  { what: 'an address in the place of the phone', stored: { phone: EMAIL } },
  { what: 'an empty address', stored: { email: '' } },
  { what: 'an address that no longer parses', stored: { email: 'ada@localhost' } },
];
const reachable: Row[] = [
  { what: 'a number with blanks', stored: { phone: '+1 415 555 2671' } },
  { what: 'a phone beside a malformed address', stored: { phone: PHONE, email: '' } },
  { what: 'an address beside a malformed phone', stored: { phone: '', email: EMAIL } },
];
const absent: Row[] = [
  { what: 'nothing', stored: {} },
  { what: 'null and undefined', stored: { phone: null, email: undefined } },
];

/** Both policies that demand a second factor, with contacts from the accounts and from `identify`. */
const ways = (['always', 'by-account'] as const).flatMap((required) =>
  (['accounts', 'identify'] as const).map((source) => ({ required, source })),
);

async function withStored({ stored, options }: Row, { required, source }: (typeof ways)[number]): Promise<Stack> {
  const contacts = { twoFactorRequired: true, ...stored } as VerifiedContacts;
  const identify = (request: Request): Identity | null =>
    request.headers.has('cookie') ? { id: 'ada', ...(source === 'identify' ? { contacts } : {}) } : null;
  const accounts = {
    contacts: async () => (source === 'accounts' ? contacts : { twoFactorRequired: true }),
    contactVerified: async () => undefined,
  };
  return await createStack({ twoFactor: { required, email: true }, ...options, identify, accounts });
}

let refused = 0;

describe.each(ways)('under the policy $required, with contacts from $source', (way) => {
  it.each(unreachable)('$what stays a factor: nothing is enrolled, nothing is sent', async (row) => {
    const stack = await withStored(row, way);
    const thief = actor(stack, { user: 'ada' });
    const allowed = row.options?.channels?.includes('email') === true ? OTHER_EMAIL : OTHER_PHONE;
    const anonymous = (await actor(stack).contact({ to: allowed })).body.challenge;
    const before = stack.calls().length;
    const tries = [
      await thief.contact({ to: OTHER_EMAIL }),
      await thief.contact({ to: OTHER_PHONE }),
      await thief.resend({ challenge: anonymous }),
      await thief.check(anonymous, '123456'),
    ];
    expect(tally(tries.map(({ problem }) => problem))).toEqual({ 'two-factor-needed': tries.length });
    expect((await thief.twoFactor()).problem).toBe('not-available');
    expect(stack.calls().length).toBe(before);
    expect(stack.events).toContainEqual(expect.objectContaining({ type: 'misconfigured' }));
    refused += 1;
  });

  it.each(reachable)('$what gets the code', async (row) => {
    const stack = await withStored(row, way);
    expect((await actor(stack, { user: 'ada' }).contact({ to: OTHER_PHONE })).problem).toBe('two-factor-needed');
    expect((await actor(stack, { user: 'ada' }).twoFactor()).status).toBe(201);
  });

  it.each(absent)('$what is no factor, and the user may enrol the first one', async (row) => {
    const stack = await withStored(row, way);
    expect((await actor(stack, { user: 'ada' }).twoFactor()).problem).toBe('not-available');
    expect((await actor(stack, { user: 'ada' }).contact({ to: OTHER_PHONE })).status).toBe(201);
  });
});

describe('an account that says neither yes nor no', () => {
  const wrong: unknown[] = [undefined, null, 'false', 'no', 0, 1, {}, []];

  it.each(wrong)('with twoFactorRequired %j, is never “not required”', async (twoFactorRequired) => {
    const answers = { phone: PHONE, twoFactorRequired } as unknown as VerifiedContacts;
    const stack = await createStack({
      accounts: { contacts: async () => answers, contactVerified: async () => undefined },
    });
    const thief = actor(stack, { user: 'ada' });
    for (const { problem } of [await thief.twoFactor(), await thief.contact({ to: OTHER_PHONE })])
      expect(problem).toBe('unavailable');
    expect(stack.calls()).toEqual([]);
    expect(JSON.stringify(stack.events)).toContain('twoFactorRequired');
  });

  it.each([undefined, null, 'ada', 1])('or answers %j in place of an object, is unavailable', async (answer) => {
    const accounts = {
      contacts: async () => answer as unknown as VerifiedContacts,
      contactVerified: async () => undefined,
    };
    for (const required of ['always', 'by-account'] as const) {
      const stack = await createStack({ accounts, twoFactor: { required } });
      const thief = actor(stack, { user: 'ada' });
      for (const { problem } of [await thief.twoFactor(), await thief.contact({ to: OTHER_PHONE })])
        expect(problem).toBe('unavailable');
      expect(stack.calls()).toEqual([]);
      const hint = 'accounts.contacts must return an object, also for an unknown user.';
      expect(stack.events).toContainEqual({ type: 'misconfigured', hint });
    }
  });

  it('is not asked where the policy does not ask', async () => {
    const contacts = async () => ({ phone: PHONE }) as VerifiedContacts;
    const accounts = { contacts, contactVerified: async () => undefined };
    const always = await createStack({ accounts, twoFactor: { required: 'always' } });
    expect((await actor(always, { user: 'ada' }).twoFactor()).status).toBe(201);
    const never = await createStack({ accounts, twoFactor: { required: 'never' } });
    expect((await actor(never, { user: 'ada' }).twoFactor()).body).toEqual({ required: false });
  });
});

it('all are refused, and the table of attacks says so', () => {
  const tried = unreachable.length * ways.length;
  expect(refused).toBe(tried);
  const attack = `${tried} factors that no code can be sent to: a thief with the password enrols another`;
  recordAttack({ attack, budget: 0, accepted: tried - refused, calls: 0 });
});

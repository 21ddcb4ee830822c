/** Two-factor against a thief of the password, and sign-up for everybody else, on every kind of account store. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import {
  memoryAccounts,
  postgresAccounts,
  sqliteAccounts,
  twoFactorRequired,
  type AccountStore,
  type TwoFactorPolicy,
} from '../../../src/server/index.js';
import { startPostgres } from '../../support/postgres.js';
import { createStack, EMAIL, OTHER_PHONE, PHONE, type Stack, type StackOptions } from '../../support/backend-stack.js';
import { actor, checksAtTwilio, tally } from '../../support/attacker.js';
import { recordAttack } from '../../support/attack-metrics.js';

const folder = await mkdtemp(join(tmpdir(), 'verify-contact-factors-'));
const postgres = await startPostgres();
const opened: AccountStore[] = [];
let files = 0;

afterAll(async () => {
  await Promise.all(opened.map((accounts) => accounts.close()));
  await postgres?.stop();
  await rm(folder, { recursive: true });
});

interface Place {
  name: string;
  skip: boolean;
  open(uniqueContacts?: boolean): Promise<AccountStore>;
}

const places: Place[] = [
  { name: 'memory', skip: false, open: async (one = false) => memoryAccounts({ uniqueContacts: one }) },
  {
    name: 'SQLite',
    skip: false,
    open: async (one = false) => sqliteAccounts({ file: join(folder, `${files++}.db`), uniqueContacts: one }),
  },
  {
    name: postgres ? 'PostgreSQL, a real one' : 'PostgreSQL (LEFT OUT: there is none on this machine)',
    skip: postgres === null,
    open: async (one = false) => postgresAccounts({ url: (await postgres?.empty()) ?? '', uniqueContacts: one }),
  },
];

describe.each(places)('with accounts in $name', ({ name, skip, open }) => {
  if (skip) return void it.skip('needs a PostgreSQL', () => undefined);
  const stackWith = async (options: StackOptions = {}, one = false): Promise<Stack> => {
    const accounts = await open(one);
    opened.push(accounts);
    return createStack({ ...options, accounts });
  };

  it('a session with the password alone cannot verify a phone of its own and receive the second factor there (CVE-2026-3655)', async () => {
    const stack = await stackWith({ twoFactor: { required: 'always', email: true } });
    await stack.accounts.contactVerified('ada', { type: 'phone', value: PHONE });
    const thief = actor(stack, { user: 'ada' });
    const anonymous = (await actor(stack).contact({ to: OTHER_PHONE })).body.challenge;
    const code = stack.code(OTHER_PHONE);
    const before = stack.calls().length;
    const tries = [
      await thief.contact({ to: OTHER_PHONE }),
      await thief.contact({ to: EMAIL }),
      await thief.contact({ to: PHONE }),
      // Started without a session and continued as the victim.
      await thief.check(anonymous, code),
      await thief.resend({ challenge: anonymous }),
    ];
    expect(tally(tries.map(({ problem }) => problem))).toEqual({ 'two-factor-needed': tries.length });
    expect(stack.calls().length).toBe(before);
    const { body } = await thief.twoFactor();
    expect(body.to).toBe('•••• 71');
    expect(stack.emulator.outbox.latest(PHONE)).toBeDefined();
    expect(await stack.accounts.contacts('ada')).toEqual({
      phone: PHONE,
      twoFactorRequired: false,
      verifiedAt: { phone: expect.any(Number) as number },
    });
    // The owner has passed two-factor and may add another contact.
    expect((await actor(stack, { user: 'ada+2' }).contact({ to: EMAIL })).status).toBe(201);
    recordAttack({
      attack: `a thief with the password verifies a phone of their own, accounts in ${name}`,
      budget: 0,
      accepted: 0,
      calls: 0,
    });
  });

  const policies: TwoFactorPolicy[] = (['always', 'by-account', 'never'] as const).flatMap((required) =>
    [true, false].map((email) => ({ required, email })),
  );
  const orders = [[EMAIL, PHONE], [PHONE, EMAIL], [EMAIL], [PHONE]];

  it('a user who signs up with e-mail, phone or both, in any order, can sign in under every policy: no dead end', async () => {
    let ways = 0;
    for (const policy of policies) {
      const stack = await stackWith({
        twoFactor: policy,
        limits: { sends: { destination: 1000, backoff: [], address: false, prefix: false } },
      });
      for (const [n, order] of orders.entries()) {
        const user = `new ${n}`;
        if (policy.required === 'by-account') await stack.accounts.setTwoFactorRequired(user, true);
        let session = user;
        for (const to of order) {
          let start = await actor(stack, { user: session }).contact({ to });
          if (start.problem === 'two-factor-needed') {
            // They now have a usable factor, and pass it.
            const factor = await actor(stack, { user: session }).twoFactor();
            expect(factor.status).toBe(201);
            const last = stack.emulator.outbox.list()[0];
            expect((await actor(stack, { user: session }).check(factor.body.challenge, last?.code)).status).toBe(200);
            session = `${user}+2`;
            start = await actor(stack, { user: session }).contact({ to });
          }
          expect([policy, order, start.status]).toEqual([policy, order, 201]);
          expect((await actor(stack, { user: session }).check(start.body.challenge, stack.code(to))).status).toBe(200);
        }
        const contacts = await stack.accounts.contacts(user);
        expect(
          Object.values(contacts)
            .filter((value) => typeof value === 'string')
            .sort(),
        ).toEqual([...order].sort());
        const usable = order.includes(PHONE) || (policy.email && order.includes(EMAIL));
        const entry = await actor(stack, { user }).twoFactor();
        const expected = !twoFactorRequired(policy, contacts) ? 200 : usable ? 201 : 409;
        expect([policy, order, entry.status]).toEqual([policy, order, expected]);
        // A user without a usable factor may enrol one with the password alone.
        if (expected === 409) expect((await actor(stack, { user }).contact({ to: PHONE })).status).toBe(201);
        ways += 1;
      }
    }
    recordAttack({ attack: `sign-up in ${ways} ways, accounts in ${name}`, note: 'dead ends: 0' });
  });

  it('eight people who prove one contact, in turn and at once: it has one owner, and the others learn that only after a right code', async () => {
    const stack = await stackWith({}, true);
    const users = Array.from({ length: 8 }, (_, n) => `user ${n}`);
    const answers = [];
    for (const user of users) {
      let { body, status } = await actor(stack, { user }).contact({ to: PHONE });
      for (let i = 0; status !== 201 && i < 3; i += 1) {
        stack.clock.advance(300);
        ({ body, status } = await actor(stack, { user }).contact({ to: PHONE }));
      }
      // Somebody who has not proven the contact learns nothing about its owner.
      expect((await actor(stack, { user }).check(body.challenge, stack.wrongCode(PHONE))).problem).toBe('wrong-code');
      answers.push(await actor(stack, { user }).check(body.challenge, stack.code(PHONE)));
      stack.clock.advance(300);
    }
    expect(tally(answers.map(({ problem }) => problem))).toEqual({ null: 1, 'contact-in-use': 7 });
    const race = await Promise.allSettled(
      users.map((user) => stack.accounts.contactVerified(user, { type: 'email', value: EMAIL })),
    );
    expect(race.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const owners = await Promise.all(users.map(async (user) => (await stack.accounts.contacts(user)).email));
    expect(owners.filter((email) => email === EMAIL)).toHaveLength(1);
    recordAttack({
      attack: `8 people prove one contact, at once and in turn, accounts in ${name}`,
      budget: 1,
      accepted: 1,
    });
  });

  it('accounts that cannot be reached answer “unavailable”, and never “not required”', async () => {
    const stack = await stackWith({ twoFactor: { required: 'by-account' } });
    await stack.accounts.setTwoFactorRequired('ada', true);
    await stack.accounts.contactVerified('ada', { type: 'phone', value: PHONE });
    const broken = {
      contacts: () => Promise.reject(new Error('down')),
      contactVerified: () => Promise.reject(new Error('down')),
    };
    const down = await createStack({ sharing: stack, accounts: broken, twoFactor: { required: 'by-account' } });
    for (const answer of [
      await actor(down, { user: 'ada' }).twoFactor(),
      await actor(down, { user: 'ada' }).contact({ to: OTHER_PHONE }),
    ]) {
      expect([answer.status, answer.problem]).toEqual([503, 'unavailable']);
      expect(answer.response.headers.get('retry-after')).toMatch(/^[1-9]/);
      expect(JSON.stringify(answer.body)).not.toContain('required');
    }
    expect(stack.calls()).toEqual([]);
  });
});

describe('a request for a second factor', () => {
  it('accepts no destination in any field, and no channel except the four names (CVE-2022-28601)', async () => {
    const stack = await createStack({ twoFactor: { required: 'always', email: true } });
    await stack.accounts.contactVerified('ada', { type: 'phone', value: PHONE });
    await stack.accounts.contactVerified('bob', { type: 'phone', value: OTHER_PHONE });
    const thief = actor(stack, { user: 'ada' });
    const fields = [
      'to',
      'To',
      'phone',
      'phone_number',
      'phoneNumber',
      'destination',
      'recipient',
      'contact',
      'email',
      'subject',
      'user',
      'userId',
      'sub',
      'type',
      'country',
      'challenge',
      'toString',
    ];
    const values = [OTHER_PHONE, [OTHER_PHONE], { type: 'phone', value: OTHER_PHONE }, 'bob', null];
    const channels = [
      ['sms'],
      ['sms', 'email'],
      'SMS',
      'Email',
      'sms ',
      null,
      1,
      {},
      '',
      'sms,email',
      'auto',
      'sna',
      'push',
      'totp',
      'rcs',
      'sms\0',
    ];
    const bodies = [
      ...fields.flatMap((name) => values.map((value) => ({ [name]: value }))),
      ...channels.map((channel) => ({ channel })),
    ];
    const { challenge } = (await thief.twoFactor()).body;
    const before = stack.calls().length;
    const problems = new Set<string | null>();
    for (const body of bodies) {
      problems.add((await thief.post('two-factor', body)).problem);
      problems.add(
        (await thief.post('resend', { challenge, ...body, ...('challenge' in body ? { to: OTHER_PHONE } : {}) }))
          .problem,
      );
    }
    expect([...problems]).toEqual(['invalid-request']);
    expect(stack.calls().length).toBe(before);
    expect(stack.emulator.outbox.list().map(({ to }) => to)).toEqual([PHONE]);
    recordAttack({
      attack: `${2 * bodies.length} second-factor requests with a destination or a strange channel`,
      budget: 0,
      accepted: 0,
      calls: 0,
    });
  });

  it('without a session is unauthenticated, and reveals nothing about anybody’s contact', async () => {
    const stack = await createStack({ twoFactor: { required: 'always', email: true } });
    await stack.accounts.contactVerified('ada', { type: 'phone', value: PHONE });
    expect((await actor(stack).twoFactor()).problem).toBe('unauthenticated');
    const without = await actor(stack, { user: 'nobody we know' }).twoFactor();
    expect(without.problem).toBe('not-available');
    const shown = await actor(stack, { user: 'ada' }).twoFactor();
    expect(JSON.stringify(shown.body)).not.toContain('4155552671');
    expect(shown.body).toMatchObject({ to: '•••• 71' });
  });

  it('is refused at the check if the phone was removed from the account in the meantime', async () => {
    const stack = await createStack({ twoFactor: { required: 'always' } });
    await stack.accounts.contactVerified('ada', { type: 'phone', value: PHONE });
    const { challenge } = (await actor(stack, { user: 'ada' }).twoFactor()).body;
    await stack.accounts.remove('ada', { type: 'phone', value: PHONE });
    expect((await actor(stack, { user: 'ada' }).check(challenge, stack.code(PHONE))).problem).toBe('invalid-challenge');
    expect(checksAtTwilio(stack)).toEqual([]);
  });
});

/** The whole protocol against a reference model: start, check, resend, switch, change, expire and replay in any order, by two users, for both purposes. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Channel, Challenge } from '../../../src/server/index.js';
import { EMAIL, OTHER_PHONE, PHONE, type Reply } from '../../support/backend-stack.js';
import { actor, checksAtTwilio, sends } from '../../support/attacker.js';
import { recordAttack } from '../../support/attack-metrics.js';
import { Model, type ModelChallenge } from '../../support/reference-model.js';
import { instanceAt, storeVariants, type StoreVariant } from '../../support/store-variants.js';

const users = ['ada', 'bob'] as const;
const contacts = [PHONE, OTHER_PHONE, EMAIL] as const;
const limits = {
  sends: {
    address: false,
    network: false,
    prefix: false,
    country: false,
    subject: false,
    subjectDestinations: false,
    total: { perDay: 99_999 },
  },
} as const;

type Command =
  | { does: 'start'; user: 0 | 1; to: 0 | 1 | 2 }
  | { does: 'factor'; user: 0 | 1; channel: Channel | undefined }
  | { does: 'resend'; user: 0 | 1; challenge: number; channel: Channel | undefined }
  | { does: 'check'; user: 0 | 1; challenge: number; right: boolean }
  | { does: 'wait'; seconds: number };

const user = fc.constantFrom<0 | 1>(0, 0, 0, 1);
const challenge = fc.nat({ max: 30 });
const command: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ does: fc.constant('start' as const), user, to: fc.constantFrom<0 | 1 | 2>(0, 0, 1, 2) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      does: fc.constant('factor' as const),
      user,
      channel: fc.constantFrom<Channel | undefined>(undefined, 'sms', 'call', 'email'),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      does: fc.constant('resend' as const),
      user,
      challenge,
      channel: fc.constantFrom<Channel | undefined>(undefined, undefined, 'sms', 'call', 'email'),
    }),
  },
  { weight: 8, arbitrary: fc.record({ does: fc.constant('check' as const), user, challenge, right: fc.boolean() }) },
  {
    weight: 4,
    arbitrary: fc.record({
      does: fc.constant('wait' as const),
      seconds: fc.constantFrom(1, 29, 30, 40, 60, 90, 120, 260, 480, 599, 600, 3600, 86_400),
    }),
  },
);

/** Runs the commands on both, and compares every answer, every message and every guess that reaches Twilio. */
async function runBoth(variant: StoreVariant, commands: readonly Command[]): Promise<number> {
  let code = 100_000;
  const random = () => String((code += 2));
  const accounts = {
    contacts: async () => ({ phone: PHONE, email: EMAIL, twoFactorRequired: true }),
    contactVerified: async () => undefined,
  };
  const stacks = await variant.open({
    accounts,
    twoFactor: { required: 'always', email: true },
    limits,
    emulator: { random },
  });
  const [stack] = stacks;
  const model = new Model(stack.clock.now);
  const challenges: (ModelChallenge & { token: string })[] = [];

  const keep = (answer: Reply<Challenge>, expected: { problem: string | null; challenge?: ModelChallenge }) => {
    if (answer.problem === null && expected.challenge)
      challenges.push({ ...expected.challenge, token: answer.body.challenge });
  };
  for (const [n, one] of commands.entries()) {
    const ask = actor(instanceAt(stacks, n), { user: one.does === 'wait' ? null : `${users[one.user]}+2` });
    if (one.does === 'wait') {
      stack.clock.advance(one.seconds);
      continue;
    }
    const mine = 'challenge' in one ? challenges[one.challenge % Math.max(1, challenges.length)] : undefined;
    if ('challenge' in one && !mine) continue;
    const who = users[one.user];
    let expected: { problem: string | null; challenge?: ModelChallenge };
    let answer: Reply<object>;
    if (one.does === 'start') {
      expected = model.start('contact', who, contacts[one.to]);
      answer = await ask.contact({ to: contacts[one.to] });
      keep(answer as Reply<Challenge>, expected);
    } else if (one.does === 'factor') {
      expected = model.start('two-factor', who, one.channel === 'email' ? EMAIL : PHONE);
      answer = await ask.twoFactor(one.channel === undefined ? {} : { channel: one.channel });
      keep(answer as Reply<Challenge>, expected);
    } else if (one.does === 'resend' && mine) {
      expected = model.resend(mine, who, one.channel);
      answer = await ask.resend({
        challenge: mine.token,
        ...(one.channel === undefined ? {} : { channel: one.channel }),
      });
      keep(answer as Reply<Challenge>, expected);
    } else if (one.does === 'check' && mine) {
      const right = mine.verification.code;
      const entered = one.right ? right : String(Number(right) + 1);
      expected = model.check(mine, who, one.right);
      const key = crypto.randomUUID();
      answer = await ask.check(mine.token, entered, key);
      const calls = stack.calls().length;
      // A repeated request gets the same answer without a call to Twilio.
      const again = await ask.check(mine.token, entered, key);
      expect([again.problem, stack.calls().length]).toEqual([answer.problem, calls]);
    } else continue;
    expect({ ...one, problem: answer.problem }).toEqual({ ...one, problem: expected.problem });
    expect([one.does, sends(stack), checksAtTwilio(stack).filter(({ status }) => status === 200).length]).toEqual([
      one.does,
      model.sends,
      model.checks,
    ]);
    if (expected.challenge && !expected.challenge.verification.code)
      expected.challenge.verification.code = stack.code(expected.challenge.contact);
  }
  return commands.length;
}

describe.each(storeVariants())('on $name', (variant) => {
  if (variant.skip) return void it.skip('needs a Redis', () => undefined);
  beforeAll(() => variant.start());
  afterAll(() => variant.stop());

  it('the backend does what the model does, in any order of requests', async () => {
    let steps = 0;
    const commands = fc.array(command, { minLength: 5, maxLength: 60, size: 'max' });
    const runs = variant.name === 'memory' ? 40 : 8;
    const property = fc.asyncProperty(commands, async (all) => void (steps += await runBoth(variant, all)));
    await fc.assert(property, { numRuns: runs });
    recordAttack({
      attack: `${steps} steps of the protocol in any order against the model, ${variant.name}`,
      note: 'differences: 0',
    });
  }, 60_000);
});

/** Every guess about authenticator apps at Twilio, with every value that it can have: what a client then sees. */
import { sid } from '../../support/emulator-account.js';
import { describeGuesses, outcome, type Account, type FactorAssumption, type Guesses } from '../../support/guesses.js';

const notFound = { status: 404, code: 20404 };
const identity = 'somebody-8';
const entityOf = ({ client }: Account) => client.verify.v2.services(sid).entities(identity);
const totpOf = async ({ emulator }: Account) => (await emulator.totp(identity)) ?? '';
const enrol = async (account: Account) => {
  const entity = entityOf(account);
  const { sid: factor } = await entity.newFactors.create({ friendlyName: 'Ann', factorType: 'totp' });
  return { factor, confirm: (authPayload: string) => outcome(entity.factors(factor).update({ authPayload })) };
};
const confirmWrongly = async (account: Account) => (await enrol(account)).confirm('000');
const ask = async (account: Account, codes: (right: string) => string[]) => {
  const { factor, confirm } = await enrol(account);
  await confirm(await totpOf(account));
  account.emulator.clock.advance(60);
  let last: unknown;
  for (const authPayload of codes(await totpOf(account)))
    last = await outcome(entityOf(account).challenges.create({ factorSid: factor, authPayload }));
  return last;
};
const confirmTwice = async (account: Account) => {
  const { confirm } = await enrol(account);
  await confirm(await totpOf(account));
  return confirm('000');
};
const enrolSlowly = async (account: Account) => {
  const { confirm } = await enrol(account);
  account.emulator.clock.advance(3600);
  return confirm(await totpOf(account));
};

describeGuesses({
  wrongFactorCode: [
    ['unverified', confirmWrongly, { status: 'unverified' }],
    [60311, confirmWrongly, { code: 60311, status: 403, message: 'Factor verification failed' }],
  ],
  wrongChallengeCode: [
    ['pending', (account) => ask(account, () => ['000']), { status: 'pending' }],
    [60324, (account) => ask(account, () => ['000']), { code: 60324, status: 403 }],
  ],
  repeatedTotpCode: [
    ['accept', (account) => ask(account, (right) => [right, right]), { status: 'approved' }],
    ['refuse', (account) => ask(account, (right) => [right, right]), { status: 'pending' }],
    ['refuse', (account) => ask(account, (right) => [right]), { status: 'approved' }],
  ],
  codeForVerifiedFactor: [
    ['ignore', confirmTwice, { status: 'verified' }],
    [60311, confirmTwice, { code: 60311, status: 403 }],
  ],
  unverifiedFactorHours: [
    [1, enrolSlowly, notFound],
    [2, enrolSlowly, { status: 'verified' }],
  ],
} satisfies Guesses<FactorAssumption>);

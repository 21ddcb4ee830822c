/** Every guess about verifications at Twilio, with every value that it can have: what a client then sees. */
import type { Assumptions } from '../../../src/emulator/index.js';
import { mobile, post, sid } from '../../support/emulator-account.js';
import { describeGuesses, outcome, type Account, type FactorAssumption, type Guesses } from '../../support/guesses.js';

const sends = `/v2/Services/${sid}/Verifications`;
const all = { customCodeEnabled: true, psd2Enabled: false };
const notFound = { status: 404, code: 20404 };
const form = async (account: Account, body: string): Promise<unknown> =>
  (await post(account.emulator, sends, body)).json();
const codeOf = ({ emulator }: Account) => emulator.outbox.latest(mobile)?.code ?? '';
const checks = ({ client }: Account) => client.verify.v2.services(sid).verificationChecks;

/** A verification that five wrong codes have locked. */
const lock = async (account: Account) => {
  const { sid: verification } = await account.send();
  for (let time = 1; time <= 5; time += 1) await account.check(verification, '0000000000');
  return verification;
};
const checkLocked = async (account: Account) => outcome(account.check(await lock(account), codeOf(account)));
const cancelLocked = async (account: Account) => {
  const verification = await lock(account);
  const canceled = await outcome(account.verification(verification).update({ status: 'canceled' }));
  return { canceled, next: await outcome(account.send()) };
};
const checkCanceled = async (account: Account) => {
  const { sid: verification } = await account.send();
  await account.verification(verification).update({ status: 'canceled' });
  return outcome(account.check(verification, codeOf(account)));
};

/** Sends one code of the application's own, then another. Says which was delivered, and whether each works with the first sid. */
const otherCode = async (account: Account) => {
  const first = await account.send(mobile, 'sms', { customCode: '111111' });
  const second = (await outcome(account.send(mobile, 'sms', { customCode: '222222' }))) as { sid?: string };
  const delivered = codeOf(account);
  const old = await outcome(account.check(first.sid, '111111'));
  return { same: second.sid === first.sid, second, delivered, old };
};
const otherPayment = async (account: Account) => {
  account.emulator.configureService(sid, { psd2Enabled: true });
  const first = await account.send(mobile, 'sms', { amount: '€9', payee: 'Ann' });
  const second = (await outcome(account.send(mobile, 'sms', { amount: '€90', payee: 'Ann' }))) as { sid?: string };
  const old = await outcome(account.verification(first.sid).fetch());
  return { same: second.sid === first.sid, second, old };
};
const checkBoth = async (account: Account, to: string) => {
  const { sid: verificationSid } = await account.send();
  await account.send('+447400999999');
  return outcome(checks(account).create({ to, verificationSid, code: codeOf(account) }));
};
const createLimits = async ({ client }: Account) => {
  const limits = client.verify.v2.services(sid).rateLimits;
  const { sid: one } = await limits.create({ uniqueName: 'one' });
  await limits(one).buckets.create({ max: 1, interval: 60 });
  return { limits, one };
};
const exceed = async (account: Account) => {
  await createLimits(account);
  const rateLimits = { one: 'x' };
  await account.send(mobile, 'sms', { rateLimits });
  return outcome(account.send('+447400999999', 'sms', { rateLimits }));
};
const convert = async (account: Account) => {
  const { sid: verificationSid } = await account.send();
  await account.send();
  await account.check(verificationSid, codeOf(account));
  return account.client.verify.v2.verificationAttempts.list({ verificationSid, status: 'converted' });
};
const malformed = async (account: Account) => {
  const { sid: verification } = await account.send();
  for (let time = 1; time <= 5; time += 1) await outcome(account.check(verification, '1'));
  return outcome(account.check(verification, codeOf(account)));
};
const concurrent = async (account: Account) => {
  account.emulator.faults.add({ delayMs: 1 });
  const [, second] = await Promise.all([account.send(), outcome(account.send())]);
  return second;
};
const poll = async (account: Account) => {
  const { sid: verification } = await account.send();
  for (let time = 1; time <= 60; time += 1) await account.verification(verification).fetch();
  return outcome(account.verification(verification).fetch());
};
const mail = async (account: Account) => {
  const [one, other] = [await account.send('ann@x.example', 'email'), await account.send('Ann@x.example', 'email')];
  return { same: one.sid === other.sid };
};
const unknownLocale = (account: Account) => outcome(account.send('+4915112345678', 'sms', { locale: 'tlh' }));
const json = async (account: Account): Promise<unknown> => {
  const type = { 'Content-Type': 'application/json' };
  return (await post(account.emulator, sends, 'To=%2B447400123456&Channel=sms', type)).json();
};
/** What the Attempt of a message says at once, and half a minute later. */
const reports = async (account: Account, channel: string) => {
  const { sid: verificationSid } = await account.send(mobile, channel);
  const read = async () =>
    (await account.client.verify.v2.verificationAttempts.list({ verificationSid }))[0]?.channelData as object;
  const first = await read();
  account.emulator.clock.advance(30);
  return { first, later: await read() };
};
const bogusQuery = async ({ emulator }: Account): Promise<unknown> =>
  (await post(emulator, '/v2/Attempts?Status=x', '', {}, 'GET')).json();
const pageOf =
  (size: number) =>
  async (account: Account): Promise<unknown> =>
    (await post(account.emulator, `/v2/Services?PageSize=${size}`, '', {}, 'GET')).json();

const guesses: Guesses<Exclude<keyof Assumptions, FactorAssumption>> = {
  missingParameterCode: [
    [20001, (account) => form(account, 'Channel=sms'), { code: 20001 }],
    [60200, (account) => form(account, 'Channel=sms'), { code: 60200, message: 'Invalid parameter: To' }],
  ],
  rateLimitExceededCode: [
    [20429, exceed, { code: 20429, status: 429 }],
    [60203, exceed, { code: 60203, status: 429 }],
  ],
  sendWhileLockedCode: [
    [60202, async (account) => (await lock(account), outcome(account.send())), { code: 60202 }],
    [60203, async (account) => (await lock(account), outcome(account.send())), { code: 60203 }],
  ],
  unknownRateLimit: [
    ['ignore', (account) => outcome(account.send(mobile, 'sms', { rateLimits: { none: 'x' } })), { status: 'pending' }],
    ['refuse', (account) => outcome(account.send(mobile, 'sms', { rateLimits: { none: 'x' } })), { code: 60200 }],
  ],
  malformedCodeCounts: [
    [true, malformed, { code: 60202 }],
    [false, malformed, { status: 'approved' }],
  ],
  unsupportedLocale: [
    [60200, unknownLocale, { code: 60200, message: 'Invalid parameter: Locale' }],
    [20404, unknownLocale, { ...notFound, message: `The requested resource ${sends} was not found` }],
    [
      'fallback',
      async (account) => (await unknownLocale(account), account.client.verify.v2.verificationAttempts.list()),
      [{ channelData: { locale: 'de' } }],
    ],
  ],
  checkWhileLockedCode: [
    [60202, checkLocked, { status: 429, code: 60202 }],
    [20404, checkLocked, notFound],
  ],
  cancelWhileLocked: [
    [20404, cancelLocked, { canceled: notFound, next: { code: 60202 } }],
    ['allow', cancelLocked, { canceled: { status: 'canceled', valid: false }, next: { status: 'pending' } }],
  ],
  checkAfterCancel: [
    [20404, checkCanceled, notFound],
    ['canceled', checkCanceled, { status: 'canceled', valid: false }],
  ],
  otherCustomCode: [
    ['replace', otherCode, { same: true, delivered: '222222', old: { status: 'pending', valid: false } }],
    ['create', otherCode, { same: false, delivered: '222222', old: notFound }],
    ['keep', otherCode, { same: true, delivered: '111111', old: { status: 'approved', valid: true } }],
    [60200, otherCode, { second: { code: 60200, message: 'Invalid parameter: CustomCode' }, delivered: '111111' }],
  ],
  otherPayment: [
    ['create', otherPayment, { same: false, second: { amount: '€90' }, old: { status: 'canceled', amount: '€9' } }],
    ['replace', otherPayment, { same: true, second: { amount: '€90' }, old: { status: 'pending', amount: '€90' } }],
    ['keep', otherPayment, { same: true, second: { amount: '€9' }, old: { status: 'pending', amount: '€9' } }],
    [60200, otherPayment, { second: { code: 60200, message: 'Invalid parameter: Amount' }, old: { amount: '€9' } }],
  ],
  disabledCustomCode: [
    [
      'ignore',
      async (account) => {
        account.emulator.configureService(sid, { customCodeEnabled: false, codeLength: 8 });
        await account.send(mobile, 'sms', { customCode: '246810' });
        return { length: codeOf(account).length };
      },
      { length: 8 },
    ],
    [
      60204,
      (account) => {
        account.emulator.configureService(sid, { customCodeEnabled: false });
        return outcome(account.send(mobile, 'sms', { customCode: '246810' }));
      },
      { code: 60204, status: 403, message: 'Custom code not allowed' },
    ],
  ],
  toBesideSid: [
    ['sid', (account) => checkBoth(account, '+447400999999'), { to: mobile, status: 'approved' }],
    ['to', (account) => checkBoth(account, '+447400999999'), { to: '+447400999999', status: 'pending' }],
    ['both', (account) => checkBoth(account, '+447400999999'), notFound],
    ['both', (account) => checkBoth(account, mobile), { to: mobile, status: 'approved' }],
    [60200, (account) => checkBoth(account, mobile), { code: 60200, message: 'Invalid parameter: VerificationSid' }],
  ],
  otherContentType: [
    [68004, json, { code: 68004, status: 400, message: 'Input Error' }],
    ['read', json, { status: 'pending', to: mobile }],
  ],
  invalidQueryCode: [
    [60200, bogusQuery, { code: 60200, message: 'Invalid parameter: Status' }],
    [20001, bogusQuery, { code: 20001, message: 'Invalid parameter: Status' }],
  ],
  maxPageSize: [
    [1000, pageOf(1000), { meta: { page_size: 1000 } }],
    [25, pageOf(26), { code: 60373, status: 400 }],
  ],
  concurrentSends: [
    ['allow', concurrent, { status: 'pending' }],
    ['refuse', concurrent, { code: 60212 }],
  ],
  pollLimits: [
    [true, poll, { code: 20429 }],
    [false, poll, { status: 'pending' }],
  ],
  emailCaseSensitive: [
    [true, mail, { same: false }],
    [false, mail, { same: true }],
  ],
  conversion: [
    ['last', convert, { length: 1 }],
    ['all', convert, { length: 2 }],
  ],
  deliveryReportSeconds: [
    [0, (account) => reports(account, 'sms'), { first: { message_status: 'delivered' } }],
    [
      30,
      (account) => reports(account, 'sms'),
      { first: { message_status: 'sent' }, later: { message_status: 'delivered' } },
    ],
  ],
  callStatusName: [
    ['call_status', (account) => reports(account, 'call'), { first: { call_status: 'completed' } }],
    ['message_status', (account) => reports(account, 'call'), { first: { message_status: 'completed' } }],
  ],
  maxRateLimits: [
    [
      1,
      async (account) => outcome((await createLimits(account)).limits.create({ uniqueName: 'two' })),
      { code: 60207 },
    ],
  ],
  maxBuckets: [
    [
      1,
      async (account) => {
        const { limits, one } = await createLimits(account);
        return outcome(limits(one).buckets.create({ max: 1, interval: 70 }));
      },
      { code: 60210 },
    ],
  ],
  statuses: [[{ 60200: 422 }, (account) => outcome(account.send('+12')), { code: 60200, status: 422 }]],
};

describeGuesses(guesses, all);

/** The routes that send a code: `contact`, `two-factor` and `resend`. Each lists what must be true before anything is sent. */
import { ProblemError } from '../../../protocol/problem-error.js';
import type {
  Challenge,
  Channel,
  ContactRequest,
  NotRequired,
  Purpose,
  ResendRequest,
  TwoFactorRequest,
} from '../../../protocol/schemas.js';
import { chooseChannel, deliveryMethods, displayDestination } from '../../contacts/delivery-methods.js';
import { contactRules, parseContact, type ParsedContact } from '../../contacts/parse-contact.js';
import { loadSecondFactor, reachableFactors } from '../../identity/eligible-factors.js';
import type { BackendContext } from '../../setup/context.js';
import type { ActiveVerification } from '../../store/records.js';
import { openChallenge, sealChallenge, type ChallengePayload } from '../../tokens/challenge-token.js';
import { LONG_CODE_LENGTH } from '../../twilio/twilio-options.js';
import {
  authorizeContact,
  requireSecondFactorPassed,
  requireUser,
  resolveSubject,
  type Requester,
} from '../requester.js';
import { requireService } from '../verify-service.js';
import { withCachedLineType } from './line-type.js';
import { sendCode } from './send-code.js';
import {
  expiresAt,
  limitSubject,
  starterOf,
  type CodeClock,
  type SendRequest,
  type SendResult,
} from './verification-state.js';

/** `POST /contact`: sends a code to the contact that the person typed. */
export async function startContact(
  backend: BackendContext,
  requester: Requester,
  body: ContactRequest,
): Promise<Challenge> {
  authorizeContact(backend, requester);
  // Both conditions spare an await: a turn of the microtask queue costs as much as a read from the store in memory.
  if (requester.identity) await requireSecondFactorPassed(backend, requester);
  const typed = parseTyped(backend, body.to, body.country);
  const to = backend.options.twilio.lookup ? await withCachedLineType(backend, typed) : typed;
  const sendRequest = startRequest(backend, 'contact', requester, to, body);
  const sent = await sendCode(backend, sendRequest);
  return issueChallenge(backend, sendRequest, sent, { id: crypto.randomUUID(), context: body.context, others: [] });
}

/** `POST /two-factor`: sends a code to a verified contact of the user. Nothing in the request says where. */
export async function startTwoFactor(
  backend: BackendContext,
  requester: Requester,
  body: TwoFactorRequest,
): Promise<Challenge | NotRequired> {
  const { required, factors: stored } = await loadSecondFactor(backend, requireUser(requester));
  if (!required) return { required: false };
  const factors = reachableFactors(backend, stored);
  const to = factors.find(({ contact }) => body.channel === undefined || contact.type === typeFor(body.channel));
  // Says nothing about which contacts an account lacks: a channel is unsupported only if another one would do.
  if (!to) throw new ProblemError(factors.length > 0 ? 'unsupported-channel' : 'not-available');
  const sendRequest = startRequest(backend, 'two-factor', requester, to, body);
  const sent = await sendCode(backend, sendRequest);
  const others = factors.filter((one) => one !== to);
  return issueChallenge(backend, sendRequest, sent, { id: crypto.randomUUID(), context: body.context, others });
}

/** `POST /resend`: sends the code again, by the same or another channel. Two-factor may also switch to the other verified contact. */
export async function resend(
  backend: BackendContext,
  requester: Requester,
  { challenge, channel: requestedChannel, extra }: ResendRequest,
): Promise<Challenge> {
  const data = openChallenge(backend.keyRing, challenge);
  if (!data) throw new ProblemError('invalid-challenge');
  const { purpose, contact, locale, context, verification, longCode } = data;
  if (purpose === 'contact') authorizeContact(backend, requester);
  else requireUser(requester);
  resolveSubject(data, requester);
  const destinations = await allowedDestinations(backend, requester, data);
  if (await backend.records.isConsumed(verification, backend.now())) throw new ProblemError('invalid-challenge');
  if (data.expiresAt <= backend.now()) throw new ProblemError('code-expired');
  requireService(backend, data);
  const current = destinations.find((one) => one.contact.value === contact.value);
  if (!current) throw new ProblemError('not-available');
  const type = requestedChannel === undefined ? contact.type : typeFor(requestedChannel);
  const to = destinations.find((one) => one.contact.type === type);
  if (!to) throw new ProblemError('unsupported-channel');
  const sendRequest: SendRequest = {
    limitSubject: { ...limitSubject(backend, purpose, requester, to), ...(longCode ? { longCode } : {}) },
    to,
    channel: chooseChannel(to, requestedChannel ?? data.channel, backend.channels),
    requestedChannel,
    locale,
    requester,
    extra,
    ...(to === current
      ? { mode: 'resend', fallback: stateFromChallenge(backend, requester, data) }
      : { mode: 'switch' }),
  };
  const sent = await sendCode(backend, sendRequest);
  const others = destinations.filter((one) => one !== to);
  const id = sent.active.verification === verification ? data.id : crypto.randomUUID();
  return issueChallenge(backend, sendRequest, sent, { id, context, others });
}

function startRequest(
  backend: Pick<BackendContext, 'channels' | 'testContacts'>,
  purpose: Purpose,
  requester: Requester,
  to: ParsedContact,
  { channel: requestedChannel, locale, extra }: TwoFactorRequest,
): SendRequest {
  const channel = chooseChannel(to, requestedChannel, backend.channels);
  const subject = limitSubject(backend, purpose, requester, to);
  return { mode: 'start', limitSubject: subject, to, channel, requestedChannel, locale, requester, extra };
}

/** Where a code of this challenge may go now. Loads the accounts again: a contact that was removed meanwhile is no longer a factor. */
async function allowedDestinations(
  backend: Pick<
    BackendContext,
    'options' | 'channels' | 'policy' | 'callHost' | 'records' | 'now' | 'emit' | 'testContacts'
  >,
  requester: Requester,
  { purpose, contact }: ChallengePayload,
): Promise<ParsedContact[]> {
  if (purpose === 'two-factor')
    return reachableFactors(backend, (await loadSecondFactor(backend, requireUser(requester))).factors);
  await requireSecondFactorPassed(backend, requester);
  return [await withCachedLineType(backend, parseTyped(backend, contact.value, undefined))];
}

function parseTyped(
  backend: Pick<BackendContext, 'options' | 'channels'>,
  to: string,
  country: string | undefined,
): ParsedContact {
  const parsed = parseContact(to, country, contactRules(backend, ['phone', 'email']));
  if ('problem' in parsed) throw new ProblemError(parsed.problem);
  return parsed;
}

const typeFor = (channel: Channel) => (channel === 'email' ? 'email' : 'phone');

/** What the challenge says of its verification, for when the store has no record of it. */
function stateFromChallenge(
  backend: Pick<BackendContext, 'keyRing'>,
  requester: Requester,
  { verification, firstSentAt, channel }: ChallengePayload,
): ActiveVerification {
  return { verification, firstSentAt, channel, sends: 1, sendId: '', starter: starterOf(backend, requester) };
}

function issueChallenge(
  backend: CodeClock & Pick<BackendContext, 'keyRing' | 'codeLength' | 'channels'>,
  { limitSubject: { purpose, subject, test }, locale }: SendRequest,
  { active, shown, to, longCode, attempt }: SendResult,
  { id, context, others }: { id: string; context: string | undefined; others: ParsedContact[] },
): Challenge {
  const { verification, firstSentAt } = active;
  const { contact, country } = to;
  const codeLength = longCode ? LONG_CODE_LENGTH : backend.codeLength;
  const challenge = sealChallenge(backend.keyRing, {
    id,
    purpose,
    subject,
    contact,
    channel: active.channel,
    verification,
    firstSentAt,
    expiresAt: expiresAt(backend, active),
    codeLength,
    ...(longCode ? { longCode } : {}),
    ...(test ? { test } : {}),
    locale,
    context,
    country,
    ...(attempt === undefined ? {} : { attempt }),
  });
  return {
    challenge,
    purpose,
    to: displayDestination(to, purpose),
    channel: shown.channel,
    methods: deliveryMethods([to, ...others], backend.channels, purpose, shown.sends),
    codeLength,
    expiresIn: shown.expiresIn,
    resendIn: shown.resendIn,
  };
}

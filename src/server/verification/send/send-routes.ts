/** The routes that put a code on its way: `contact`, `two-factor` and `resend`. Each reads as the list of what must hold before anything is sent. */
import type {
  Challenge,
  ContactRequest,
  NotRequired,
  ResendRequest,
  TwoFactorRequest,
} from '../../../protocol/schemas.js';
import {
  authorizeContact,
  requireUser,
  requireSecondFactorPassed,
  resolveSubject,
  type Requester,
} from '../requester.js';
import { openChallenge, sealChallenge, type ChallengePayload } from '../../tokens/challenge-token.js';
import { parseContact, type ParsedContact } from '../../contacts/parse-contact.js';
import { withCachedLineType } from './line-type.js';
import { expiresAt, type SendRequest, type SendResult } from './verification-state.js';
import { chooseChannel, deliveryMethods, displayDestination } from '../../contacts/delivery-methods.js';
import { eligibleFactors, loadVerifiedContacts } from '../../identity/eligible-factors.js';
import type { BackendContext } from '../../setup/context.js';
import { ProblemError } from '../../../protocol/problem-error.js';
import type { ActiveVerification } from '../../store/records.js';
import { sendCode } from './send-code.js';
import { twilioLocale } from '../../twilio/locale.js';
import { twoFactorRequired } from '../../identity/two-factor-policy.js';

/** `POST /contact`: a code to what the person typed. */
export async function startContact(
  backend: BackendContext,
  requester: Requester,
  body: ContactRequest,
): Promise<Challenge> {
  authorizeContact(backend, requester);
  // What need not be waited for is not: a turn of the microtask queue costs as much as a look into the store in memory.
  if (requester.identity) await requireSecondFactorPassed(backend, requester);
  const read = parseTyped(backend, body.to, body.country);
  const to = backend.options.twilio.lookup ? await withCachedLineType(backend, read) : read;
  const channel = chooseChannel(to, body.channel, backend.channels);
  return await startVerification(backend, { purpose: 'contact', requester, to, channel, others: [], body });
}

/** `POST /two-factor`: a code to what the user has verified before; nothing in the request says where. */
export async function startTwoFactor(
  backend: BackendContext,
  requester: Requester,
  body: TwoFactorRequest,
): Promise<Challenge | NotRequired> {
  const identity = requireUser(requester);
  const contacts = await loadVerifiedContacts(backend, identity);
  if (!twoFactorRequired(backend.policy, contacts)) return { required: false };
  const usable = eligibleFactors(backend, contacts);
  const to = contactForChannel(usable, body.channel) ?? throwNoDestination(usable);
  const channel = chooseChannel(to, body.channel, backend.channels);
  return await startVerification(backend, {
    purpose: 'two-factor',
    requester,
    to,
    channel,
    others: usable.filter((one) => one !== to),
    body,
  });
}

/** `POST /resend`: the code once more, by the same channel or another; to the other verified contact only where two-factor allows it. */
export async function resend(backend: BackendContext, requester: Requester, body: ResendRequest): Promise<Challenge> {
  const data = openChallenge(backend.keyRing, body.challenge);
  if (!data) throw new ProblemError('invalid-challenge');
  const usable = await allowedDestinations(backend, requester, data);
  const subject = resolveSubject(data, requester);
  if (await backend.records.consumed(data.verification).get(backend.now())) throw new ProblemError('invalid-challenge');
  if (data.expiresAt <= backend.now()) throw new ProblemError('code-expired');
  const current = usable.find(
    ({ contact }) => contact.type === data.contact.type && contact.value === data.contact.value,
  );
  if (!current) throw new ProblemError('not-available');
  const asked = body.channel;
  const other = asked !== undefined && (asked === 'email') !== (data.contact.type === 'email');
  const to = other ? contactForChannel(usable, asked) : current;
  if (!to) throw new ProblemError('unsupported-channel');
  const channel = chooseChannel(to, asked ?? data.channel, backend.channels);
  const sendRequest = {
    purpose: data.purpose,
    to,
    channel,
    locale: twilioLocale(data.locale, channel),
    requester,
    extra: body.extra,
    requestedChannel: asked,
  };
  const sent = await sendCode(
    backend,
    other ? { ...sendRequest, mode: 'switch' } : { ...sendRequest, mode: 'resend', fallback: stateFromChallenge(data) },
  );
  const others = usable.filter((one) => one !== to);
  const id = sent.active.verification === data.verification ? data.id : crypto.randomUUID();
  return issueChallenge(backend, {
    sent,
    others,
    data: { id, purpose: data.purpose, subject, locale: data.locale, context: data.context },
  });
}

interface Start {
  purpose: SendRequest['purpose'];
  requester: Requester;
  to: ParsedContact;
  channel: SendRequest['channel'];
  others: ParsedContact[];
  body: TwoFactorRequest;
}

async function startVerification(
  backend: BackendContext,
  { purpose, requester, to, channel, others, body }: Start,
): Promise<Challenge> {
  const { locale, context, extra } = body;
  const sent = await sendCode(backend, {
    mode: 'start',
    purpose,
    to,
    channel,
    locale: twilioLocale(locale, channel),
    requester,
    extra,
    requestedChannel: body.channel,
  });
  return issueChallenge(backend, {
    sent,
    others,
    data: { id: crypto.randomUUID(), purpose, subject: requester.subject, locale, context },
  });
}

/** Where the holder of this challenge may have a code sent, asked anew: a contact that was removed since is no factor any more. */
async function allowedDestinations(
  backend: BackendContext,
  requester: Requester,
  data: ChallengePayload,
): Promise<ParsedContact[]> {
  if (data.purpose === 'two-factor')
    return eligibleFactors(backend, await loadVerifiedContacts(backend, requireUser(requester)));
  authorizeContact(backend, requester);
  await requireSecondFactorPassed(backend, requester);
  return [await withCachedLineType(backend, parseTyped(backend, data.contact.value, undefined))];
}

function parseTyped(backend: BackendContext, to: string, country: string | undefined): ParsedContact {
  const { countries, numberTypes } = backend.options;
  const read = parseContact(to, country, {
    types: ['phone', 'email'],
    channels: backend.channels,
    ...(countries ? { countries } : {}),
    ...(numberTypes ? { numberTypes } : {}),
  });
  if ('problem' in read) throw new ProblemError(read.problem);
  return read;
}

function contactForChannel(
  usable: ParsedContact[],
  channel: SendRequest['channel'] | undefined,
): ParsedContact | undefined {
  if (channel === undefined) return usable[0];
  return usable.find(({ contact }) => (contact.type === 'email') === (channel === 'email'));
}

/** Nobody learns from this which contacts an account lacks: a channel is unsupported only where another would do. */
function throwNoDestination(usable: ParsedContact[]): never {
  throw new ProblemError(usable.length > 0 ? 'unsupported-channel' : 'not-available');
}

/** What a challenge tells of its verification, for when the store has forgotten it. */
function stateFromChallenge({ verification, firstSentAt, channel }: ChallengePayload): ActiveVerification {
  return { verification, firstSentAt, channel, sends: 1, sendId: '' };
}

interface Shown {
  sent: SendResult;
  others: ParsedContact[];
  data: Pick<ChallengePayload, 'id' | 'purpose' | 'subject'> & {
    locale: string | undefined;
    context: string | undefined;
  };
}

function issueChallenge(backend: BackendContext, { sent: { active, resendIn, to }, others, data }: Shown): Challenge {
  const { id, purpose, subject, locale, context } = data;
  const { verification, channel, firstSentAt, sends } = active;
  const end = expiresAt(backend, active);
  const { contact, country } = to;
  const { codeLength } = backend;
  const sealed = sealChallenge(backend.keyRing, {
    id,
    purpose,
    subject,
    contact,
    channel,
    verification,
    firstSentAt,
    expiresAt: end,
    codeLength,
    locale,
    context,
    country,
  });
  return {
    challenge: sealed,
    purpose,
    to: displayDestination(to, purpose),
    channel,
    methods: deliveryMethods([to, ...others], backend.channels, purpose, sends),
    codeLength,
    expiresIn: Math.max(0, Math.floor((end - backend.now()) / 1000)),
    resendIn,
  };
}

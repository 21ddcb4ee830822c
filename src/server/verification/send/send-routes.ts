/** The routes that put a code on its way: `contact`, `two-factor` and `resend`. Each reads as the list of what must hold before anything is sent. */
import type {
  Challenge,
  ContactRequest,
  NotRequired,
  ResendRequest,
  TwoFactorRequest,
} from '../../../protocol/schemas.js';
import { admitToContact, admitToTwoFactor, owesNothing, subjectOf, type Asker } from '../requester.js';
import { openChallenge, sealChallenge, type ChallengeData } from '../../tokens/challenge-token.js';
import { readContact, type ReadContact } from '../../contacts/parse-contact.js';
import { knownLine } from './line-type.js';
import { endOf, type Order, type Sent } from './verification-state.js';
import { chooseChannel, methods, shown } from '../../contacts/delivery-methods.js';
import { factors, knownContacts, type Parts } from '../../setup/context.js';
import { ProblemError } from '../../http/problem-response.js';
import type { Living } from '../../store/records.js';
import { sendCode } from './send-code.js';
import { twilioLocale } from '../../twilio/locale.js';
import { twoFactorRequired } from '../../identity/two-factor-policy.js';

/** `POST /contact`: a code to what the person typed. */
export async function startContact(parts: Parts, asker: Asker, body: ContactRequest): Promise<Challenge> {
  admitToContact(parts, asker);
  // What need not be waited for is not: a turn of the microtask queue costs as much as a look into the store in memory.
  if (asker.identity) await owesNothing(parts, asker);
  const read = readTyped(parts, body.to, body.country);
  const to = parts.options.twilio.lookup ? await knownLine(parts, read) : read;
  const channel = chooseChannel(to, body.channel, parts.channels);
  return await start(parts, { purpose: 'contact', asker, to, channel, others: [], body });
}

/** `POST /two-factor`: a code to what the user has verified before; nothing in the request says where. */
export async function startTwoFactor(
  parts: Parts,
  asker: Asker,
  body: TwoFactorRequest,
): Promise<Challenge | NotRequired> {
  const identity = admitToTwoFactor(asker);
  const contacts = await knownContacts(parts, identity);
  if (!twoFactorRequired(parts.policy, contacts)) return { required: false };
  const usable = factors(parts, contacts);
  const to = forChannel(usable, body.channel) ?? noneFor(usable);
  const channel = chooseChannel(to, body.channel, parts.channels);
  return await start(parts, {
    purpose: 'two-factor',
    asker,
    to,
    channel,
    others: usable.filter((one) => one !== to),
    body,
  });
}

/** `POST /resend`: the code once more, by the same channel or another; to the other verified contact only where two-factor allows it. */
export async function resend(parts: Parts, asker: Asker, body: ResendRequest): Promise<Challenge> {
  const data = openChallenge(parts.ring, body.challenge);
  if (!data) throw new ProblemError('invalid-challenge');
  const usable = await destinations(parts, asker, data);
  const subject = subjectOf(data, asker);
  if (await parts.records.used(data.verification).get(parts.now())) throw new ProblemError('invalid-challenge');
  if (data.expiresAt <= parts.now()) throw new ProblemError('code-expired');
  const current = usable.find(
    ({ contact }) => contact.type === data.contact.type && contact.value === data.contact.value,
  );
  if (!current) throw new ProblemError('not-available');
  const asked = body.channel;
  const other = asked !== undefined && (asked === 'email') !== (data.contact.type === 'email');
  const to = other ? forChannel(usable, asked) : current;
  if (!to) throw new ProblemError('unsupported-channel');
  const channel = chooseChannel(to, asked ?? data.channel, parts.channels);
  const order = {
    purpose: data.purpose,
    to,
    channel,
    locale: twilioLocale(data.locale, channel),
    asker,
    extra: body.extra,
    wanted: asked,
  };
  const sent = await sendCode(
    parts,
    other ? { ...order, act: 'switch' } : { ...order, act: 'resend', known: knownFrom(data) },
  );
  const others = usable.filter((one) => one !== to);
  const id = sent.living.verification === data.verification ? data.id : crypto.randomUUID();
  return challengeOf(parts, {
    sent,
    others,
    data: { id, purpose: data.purpose, subject, locale: data.locale, context: data.context },
  });
}

interface Start {
  purpose: Order['purpose'];
  asker: Asker;
  to: ReadContact;
  channel: Order['channel'];
  others: ReadContact[];
  body: TwoFactorRequest;
}

async function start(parts: Parts, { purpose, asker, to, channel, others, body }: Start): Promise<Challenge> {
  const { locale, context, extra } = body;
  const sent = await sendCode(parts, {
    act: 'start',
    purpose,
    to,
    channel,
    locale: twilioLocale(locale, channel),
    asker,
    extra,
    wanted: body.channel,
  });
  return challengeOf(parts, {
    sent,
    others,
    data: { id: crypto.randomUUID(), purpose, subject: asker.subject, locale, context },
  });
}

/** Where the holder of this challenge may have a code sent, asked anew: a contact that was removed since is no factor any more. */
async function destinations(parts: Parts, asker: Asker, data: ChallengeData): Promise<ReadContact[]> {
  if (data.purpose === 'two-factor') return factors(parts, await knownContacts(parts, admitToTwoFactor(asker)));
  admitToContact(parts, asker);
  await owesNothing(parts, asker);
  return [await knownLine(parts, readTyped(parts, data.contact.value, undefined))];
}

function readTyped(parts: Parts, to: string, country: string | undefined): ReadContact {
  const { countries, numberTypes } = parts.options;
  const read = readContact(to, country, {
    types: ['phone', 'email'],
    channels: parts.channels,
    ...(countries ? { countries } : {}),
    ...(numberTypes ? { numberTypes } : {}),
  });
  if ('problem' in read) throw new ProblemError(read.problem);
  return read;
}

function forChannel(usable: ReadContact[], channel: Order['channel'] | undefined): ReadContact | undefined {
  if (channel === undefined) return usable[0];
  return usable.find(({ contact }) => (contact.type === 'email') === (channel === 'email'));
}

/** Nobody learns from this which contacts an account lacks: a channel is unsupported only where another would do. */
function noneFor(usable: ReadContact[]): never {
  throw new ProblemError(usable.length > 0 ? 'unsupported-channel' : 'not-available');
}

/** What a challenge tells of its verification, for when the store has forgotten it. */
function knownFrom({ verification, firstSentAt, channel }: ChallengeData): Living {
  return { verification, firstSentAt, channel, sends: 1, by: '' };
}

interface Shown {
  sent: Sent;
  others: ReadContact[];
  data: Pick<ChallengeData, 'id' | 'purpose' | 'subject'> & { locale: string | undefined; context: string | undefined };
}

function challengeOf(parts: Parts, { sent: { living, resendIn, to }, others, data }: Shown): Challenge {
  const { id, purpose, subject, locale, context } = data;
  const { verification, channel, firstSentAt, sends } = living;
  const expiresAt = endOf(parts, living);
  const { contact, country } = to;
  const { codeLength } = parts;
  const sealed = sealChallenge(parts.ring, {
    id,
    purpose,
    subject,
    contact,
    channel,
    verification,
    firstSentAt,
    expiresAt,
    codeLength,
    locale,
    context,
    country,
  });
  return {
    challenge: sealed,
    purpose,
    to: shown(to, purpose),
    channel,
    methods: methods([to, ...others], parts.channels, purpose, sends),
    codeLength,
    expiresIn: Math.max(0, Math.floor((expiresAt - parts.now()) / 1000)),
    resendIn,
  };
}

/**
 * What Twilio Lookup knows of a number before the first code goes there, where the host pays for it: the metadata on this
 * machine cannot tell a landline from a mobile in North America, nor see that a number was given to a voice-over-IP provider.
 */
import { defaultNumberTypes, type NumberType, type ParsedContact } from '../../contacts/parse-contact.js';
import type { SendReservation } from '../../limits/rate-limits.js';
import { limitSubject, type SendRequest } from './verification-state.js';
import { chooseChannel } from '../../contacts/delivery-methods.js';
import type { BackendContext } from '../../setup/context.js';
import { ProblemError } from '../../../protocol/problem-error.js';
import { ttl } from '../../store/records.js';
import { problemFromTwilio } from '../twilio-problem.js';
import { twilioLocale } from '../../twilio/locale.js';
import { TwilioError } from '../../twilio/errors.js';

/** Lookup's words (https://www.twilio.com/docs/lookup/v2-api/line-type-intelligence) in ours; `null` is a line that is as it was taken for. */
const numberTypeByLineType = new Map<string, NumberType | null>([
  ['mobile', null],
  ['unknown', null],
  ['landline', 'landline'],
  ['fixedVoip', 'voip'],
  ['nonFixedVoip', 'voip'],
  ['personal', 'personal'],
]);

/** The destination as an earlier look-up knows it. A second factor is never looked up: it was, when it was verified. */
export async function withCachedLineType(backend: BackendContext, to: ParsedContact): Promise<ParsedContact> {
  if (!backend.options.twilio.lookup || to.contact.type !== 'phone') return to;
  const known = await backend.records.lineType(to.contact).get(backend.now());
  return known ? applyLineType(backend, to, known.value.type) : to;
}

/**
 * The order as it is to be carried out, after a look-up if the number has not been looked up before. A look-up costs money, so
 * it comes after the limits and the host's hook, and what was counted for it stays counted.
 */
export async function withLookedUpLineType(
  backend: BackendContext,
  sendRequest: SendRequest,
  reservation: SendReservation,
): Promise<SendRequest> {
  const { purpose, to } = sendRequest;
  if (!backend.options.twilio.lookup || purpose !== 'contact' || to.contact.type !== 'phone') return sendRequest;
  const entry = backend.records.lineType(to.contact);
  if (await entry.get(backend.now())) return sendRequest;
  const type = await lookUp(backend, sendRequest, reservation);
  await entry.set({ type }, ttl.lineType, backend.now());
  const settled = applyLineType(backend, to, type);
  const channel = chooseChannel(
    settled,
    sendRequest.requestedChannel ?? (settled.landline ? undefined : sendRequest.channel),
    backend.channels,
  );
  return { ...sendRequest, to: settled, channel, locale: twilioLocale(sendRequest.locale, channel) };
}

async function lookUp(
  backend: BackendContext,
  sendRequest: SendRequest,
  reservation: SendReservation,
): Promise<string> {
  try {
    return await backend.verifyClient.lineType(limitSubject(sendRequest).contact.value);
  } catch (error) {
    if (error instanceof TwilioError && error.hadNoEffect) await reservation.refund();
    throw problemFromTwilio(backend, error, 'send', backend.codeLifetimeMs);
  }
}

/** Throws `unsupported-contact` for a line that no code goes to: toll-free, premium, pagers and whatever word is new. */
function applyLineType(backend: BackendContext, to: ParsedContact, type: string): ParsedContact {
  const line = numberTypeByLineType.get(type);
  if (line === null) return to;
  if (line === undefined || !(backend.options.numberTypes ?? defaultNumberTypes).includes(line))
    throw new ProblemError(type === 'invalid' ? 'invalid-contact' : 'unsupported-contact');
  return line === 'landline' ? { ...to, landline: true } : to;
}

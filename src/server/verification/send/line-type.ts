/**
 * The line type of a number, from Twilio Lookup where the host pays for it, or from the refusal of a text message. The metadata of libphonenumber cannot tell a
 * landline from a mobile in North America, nor see that a number was given to a voice-over-IP provider.
 */
import { ProblemError } from '../../../protocol/problem-error.js';
import { chooseChannel } from '../../contacts/delivery-methods.js';
import { defaultNumberTypes, type NumberType, type ParsedContact } from '../../contacts/parse-contact.js';
import type { SendReservation } from '../../limits/rate-limits.js';
import type { BackendContext } from '../../setup/context.js';
import { ttl } from '../../store/records.js';
import { TwilioError } from '../../twilio/errors.js';
import { problemFromTwilio } from '../twilio-problem.js';
import type { SendRequest } from './verification-state.js';

type LineTypeContext = Pick<BackendContext, 'options' | 'records' | 'now' | 'testContacts'>;
type LookupContext = LineTypeContext & Pick<BackendContext, 'channels' | 'verifyClient' | 'emit' | 'codeLifetimeMs'>;

/** Lookup's line types (https://www.twilio.com/docs/lookup/v2-api/line-type-intelligence); `null` leaves the contact as it was parsed. */
const numberTypeByLineType = new Map<string, NumberType | null>([
  ['mobile', null],
  ['unknown', null],
  ['landline', 'landline'],
  ['fixedVoip', 'voip'],
  ['nonFixedVoip', 'voip'],
  ['personal', 'personal'],
]);

/** Twilio's error for a text message to a landline (https://www.twilio.com/docs/api/errors/60205). */
const SMS_TO_LANDLINE = 60205;

/** The destination with its line type, if an earlier look-up stored it. A second factor is never looked up: it has been verified. Nor is a test contact: nothing goes there. */
export async function withCachedLineType(
  { options, records, now, testContacts }: LineTypeContext,
  to: ParsedContact,
): Promise<ParsedContact> {
  if (!options.twilio.lookup || testContacts.find(to.contact)) return to;
  const known = await records.lineType(to.contact).get(now());
  return known ? applyLineType(to, known.value.type, options.numberTypes) : to;
}

/**
 * Looks up the number, for a host that wants it, unless that was done before; a landline is called instead of texted. A look-up costs money, so it
 * comes after the limits and the host's hook, and the reservation is kept even if nothing can be sent to the number.
 */
export async function withLookedUpLineType(
  context: LookupContext,
  sendRequest: SendRequest,
  reservation: SendReservation,
): Promise<SendRequest> {
  const { options, records, now, channels } = context;
  const { limitSubject, requestedChannel } = sendRequest;
  const { purpose, contact, test } = limitSubject;
  if (purpose !== 'contact' || contact.type !== 'phone' || test) return sendRequest;
  const entry = records.lineType(contact);
  if (await entry.get(now())) return sendRequest;
  const type = await lookUp(context, contact.value, reservation);
  await entry.set({ type }, ttl.lineType, now());
  const to = applyLineType(sendRequest.to, type, options.numberTypes);
  if (!to.landline) return sendRequest;
  return { ...sendRequest, to, channel: chooseChannel(to, requestedChannel, channels) };
}

/**
 * The same request as a call, if Twilio has refused to text the number since it is a landline.
 * The Verify service does so if it looks up numbers itself; in North America nothing else can tell. Nothing was sent.
 */
export function asCall(
  { channels }: Pick<BackendContext, 'channels'>,
  sendRequest: SendRequest,
  error: unknown,
): SendRequest | null {
  const { to } = sendRequest;
  if (!(error instanceof TwilioError) || error.code !== SMS_TO_LANDLINE) return null;
  if (to.landline || !channels.includes('call')) return null;
  return { ...sendRequest, to: { ...to, landline: true }, channel: 'call' };
}

async function lookUp(context: LookupContext, number: string, reservation: SendReservation): Promise<string> {
  try {
    return await context.verifyClient.lineType(number);
  } catch (error) {
    const problem = problemFromTwilio(context, error, 'send', context.codeLifetimeMs);
    const { hadNoEffect, kind } = error as TwilioError;
    if (hadNoEffect) await reservation.refund(kind !== 'not-sent');
    throw problem;
  }
}

/** Throws `unsupported-contact` for a line that gets no code: toll-free, premium, pager, or a type that is not in the table. */
function applyLineType(
  to: ParsedContact,
  type: string,
  numberTypes: readonly NumberType[] = defaultNumberTypes,
): ParsedContact {
  const numberType = numberTypeByLineType.get(type);
  if (numberType === null) return to;
  if (!numberTypes.some((allowed) => allowed === numberType))
    throw new ProblemError(type === 'invalid' ? 'invalid-contact' : 'unsupported-contact');
  return numberType === 'landline' ? { ...to, landline: true } : to;
}

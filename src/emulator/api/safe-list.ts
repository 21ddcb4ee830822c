/** The SafeList: numbers that geo permissions and Fraud Guard leave alone. */
import { API, field } from './route.js';
import { checkForm } from './destination-rules.js';
import { notFound, Refusal } from './errors.js';
import { sid } from '../model/identifiers.js';
import type { Answer, Asked } from './route.js';

interface SafeNumber {
  sid: string;
  phoneNumber: string;
}

/** `POST /v2/SafeList/Numbers`. */
export function addSafeNumber({ account, form }: Asked): Answer {
  const phoneNumber = field(form, 'PhoneNumber');
  if (!phoneNumber) throw new Refusal(20001, 'Missing required parameter PhoneNumber in the post body');
  checkForm(account, phoneNumber, 'sms');
  if (account.safeList.has(phoneNumber)) throw new Refusal(60411);
  const entry = { sid: sid('GN'), phoneNumber };
  account.safeList.set(phoneNumber, entry);
  return { status: 201, body: safeNumberBody(entry) };
}

/** `GET /v2/SafeList/Numbers/{number}`. */
export const fetchSafeNumber = (asked: Asked): Answer => ({ status: 200, body: safeNumberBody(safeNumberOf(asked)) });

/** `DELETE /v2/SafeList/Numbers/{number}`. */
export function removeSafeNumber(asked: Asked): Answer {
  asked.account.safeList.delete(safeNumberOf(asked).phoneNumber);
  return { status: 204 };
}

function safeNumberOf({ account, params, path }: Asked): SafeNumber {
  const entry = account.safeList.get(params.number ?? '');
  if (!entry) throw notFound(path);
  return entry;
}

function safeNumberBody({ sid, phoneNumber }: SafeNumber): unknown {
  return { sid, phone_number: phoneNumber, url: `${API}/SafeList/Numbers/${phoneNumber}` };
}

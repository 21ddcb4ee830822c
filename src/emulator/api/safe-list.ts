/** The routes of the SafeList: numbers that geo permissions and Fraud Guard do not block. */
import { API, formField } from './route.js';
import { validateFormat } from './destination-rules.js';
import { missingParameter, notFound, ApiError } from './errors.js';
import { sid } from '../model/identifiers.js';
import type { RouteResult, RouteRequest } from './route.js';

interface SafeNumber {
  sid: string;
  phoneNumber: string;
}

/** `POST /v2/SafeList/Numbers`. */
export function addSafeNumber({ account, form }: RouteRequest): RouteResult {
  const phoneNumber = formField(form, 'PhoneNumber');
  if (!phoneNumber) throw missingParameter('PhoneNumber');
  validateFormat(account, phoneNumber, 'sms');
  if (account.safeList.has(phoneNumber)) throw new ApiError(60411);
  const entry = { sid: sid('GN'), phoneNumber };
  account.safeList.set(phoneNumber, entry);
  return { status: 201, body: safeNumberBody(entry) };
}

/** `GET /v2/SafeList/Numbers/{number}`. */
export const fetchSafeNumber = (request: RouteRequest): RouteResult => ({
  status: 200,
  body: safeNumberBody(safeNumberOf(request)),
});

/** `DELETE /v2/SafeList/Numbers/{number}`. */
export function removeSafeNumber(request: RouteRequest): RouteResult {
  request.account.safeList.delete(safeNumberOf(request).phoneNumber);
  return { status: 204 };
}

function safeNumberOf({ account, params, path }: RouteRequest): SafeNumber {
  const entry = account.safeList.get(params.number ?? '');
  if (!entry) throw notFound(path);
  return entry;
}

function safeNumberBody({ sid, phoneNumber }: SafeNumber): unknown {
  return { sid, phone_number: phoneNumber, url: `${API}/SafeList/Numbers/${phoneNumber}` };
}

/** Reads the form that a call carries in its body, in one of the two types that Twilio takes. */
import { readBounded } from '../model/bounded-body.js';
import { ApiError } from './errors.js';
import { notSupported } from './not-supported.js';
import type { Account } from '../model/account.js';

/** Nobody knows Twilio's own bound. A send with ten templates is a hundredth of this. */
const MAX_BODY_BYTES = 1_048_576;

/** The form, or why there is none. Only a route that reads its form refuses a call for it. */
export type Form = URLSearchParams | ApiError;

/** Resolves to the form, to an empty one without a body. */
export async function readForm(account: Account, request: Request): Promise<Form> {
  if (request.method !== 'POST') return new URLSearchParams();
  const bytes = await readBounded(request, MAX_BODY_BYTES);
  if (!bytes) return notSupported({ account, origin: new URL(request.url).origin }, 'a body of more than a megabyte');
  const header = request.headers.get('content-type') ?? '';
  const [type = ''] = header.toLowerCase().split(';');
  if (type.trim() === 'multipart/form-data') {
    const whole = new Response(bytes, { headers: { 'Content-Type': header } });
    const form = await whole.formData().catch(() => undefined);
    if (!form) return new ApiError(68004);
    return new URLSearchParams([...form].filter((entry): entry is [string, string] => isText(entry[1])));
  }
  const text = new TextDecoder().decode(bytes);
  const isForm = type.trim() === 'application/x-www-form-urlencoded' || account.assume.otherContentType === 'read';
  return isForm || text === '' ? new URLSearchParams(text) : new ApiError(68004);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

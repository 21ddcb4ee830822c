/** Reads the form that a call carries in its body, in one of the two types that Twilio takes. */
import type { Account } from '../model/account.js';

/** Resolves to the form, an empty one without a body, or undefined if Twilio cannot read the body. */
export async function readForm({ assume }: Account, request: Request): Promise<URLSearchParams | undefined> {
  if (request.method !== 'POST') return new URLSearchParams();
  const [type = ''] = (request.headers.get('content-type') ?? '').toLowerCase().split(';');
  if (type.trim() === 'multipart/form-data') {
    const form = await request.formData().catch(() => undefined);
    return form && new URLSearchParams([...form].filter((entry): entry is [string, string] => isText(entry[1])));
  }
  const text = await request.text();
  const isForm = type.trim() === 'application/x-www-form-urlencoded' || assume.otherContentType === 'read';
  return isForm || text === '' ? new URLSearchParams(text) : undefined;
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

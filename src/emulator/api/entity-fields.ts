/** Reads the parameters of entities, factors and challenges. Their error for a wrong value is another than that of verifications. */
import { formField } from './route.js';
import { ApiError } from './errors.js';

/** The error for a wrong value. */
export function invalidField(name: string): ApiError {
  return new ApiError(60306, `Invalid parameter: ${name}`);
}

/** A text of so many characters at most. */
export function textField(form: URLSearchParams, name: string, maximum: number): string | undefined {
  const value = formField(form, name);
  if (value !== undefined && value.length > maximum) throw invalidField(name);
  return value;
}

/** A code. Twilio asks for 3 to 8 characters, whatever the length of the factor's codes. */
export function payloadField(form: URLSearchParams): string | undefined {
  const value = textField(form, 'AuthPayload', 8);
  if (value !== undefined && value.length < 3) throw invalidField('AuthPayload');
  return value;
}

/** A whole number, or what there was before. */
export function wholeField<T>(
  form: URLSearchParams,
  name: string,
  [from, to]: [number, number],
  before: T,
): number | T {
  const text = formField(form, name);
  if (text === undefined) return before;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < from || value > to) throw invalidField(name);
  return value;
}

/** A JSON object of texts. */
export function stringsField(form: URLSearchParams, name: string): object | undefined {
  const text = textField(form, name, 1024);
  if (text === undefined) return undefined;
  const value = parsed(text);
  if (!isObject(value) || !Object.values(value).every((one) => typeof one === 'string')) throw invalidField(name);
  return value;
}

/** A list of JSON objects with a label and a value, each as a field of its own. */
export function labelsField(form: URLSearchParams, name: string): object[] {
  const values = form.getAll(name).filter((text) => text !== '');
  const labels = values.map(parsed).filter(isObject);
  const areShort = labels.every(({ label, value }) => isShort(label, 36) && isShort(value, 128));
  if (labels.length < values.length || labels.length > 20 || !areShort) throw invalidField(name);
  return labels.map(({ label, value }) => ({ label, value }));
}

function isShort(value: unknown, maximum: number): boolean {
  return typeof value === 'string' && value.length <= maximum;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

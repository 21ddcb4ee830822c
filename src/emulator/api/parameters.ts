/** Checks the parameters of a send that depend on neither its destination nor its history. Throws Twilio's errors. */
import { formField, formFlag } from './route.js';
import { invalidParameter, missingParameter, notFound, ApiError } from './errors.js';
import { isLocale } from './locales.js';
import { checkTemplates } from './templates.js';
import type { Account } from '../model/account.js';
import type { RouteRequest } from './route.js';
import type { Service } from '../model/service.js';

const channels = ['sms', 'call', 'email', 'whatsapp', 'sna', 'auto', 'rcs'];

/** Returns a required parameter, or throws. */
export function required(account: Account, form: URLSearchParams, name: string): string {
  const value = formField(form, name);
  if (value !== undefined) return value;
  if (account.assume.missingParameterCode === 60200) throw invalidParameter(name);
  throw missingParameter(name);
}

/** Returns the channel to send by. `auto` is a pilot that Twilio enables per service; it starts with an SMS. */
export function checkChannel(service: Service, channel: string): string {
  if (!channels.includes(channel) || (channel === 'auto' && !service.autoChannel)) throw invalidParameter('Channel');
  return channel === 'auto' ? 'sms' : channel;
}

/** Twilio's documents say what these are in words: Google's hash of an app, and the keys of a telephone with pauses. */
const patterns: Record<string, RegExp> = { AppHash: /^[A-Za-z\d+/]{11}$/, SendDigits: /^[\dw#*]{1,32}$/i };

/** Checks all other parameters. Returns the locale if the form has one that the channel has too. */
export function checkParameters(request: RouteRequest, service: Service, channel: string): string | undefined {
  const { account, form } = request;
  const locale = checkLocale(request, channel);
  if (formField(form, 'CustomMessage') !== undefined && !service.customMessageEnabled) throw new ApiError(60243);
  checkCustomCode(account, service, form);
  if (service.psd2Enabled) checkPayment(form, channel);
  if (formField(form, 'AppHash') !== undefined && channel !== 'sms') throw new ApiError(60602);
  for (const [name, pattern] of Object.entries(patterns)) {
    const value = formField(form, name);
    if (value !== undefined && !pattern.test(value)) throw invalidParameter(name);
  }
  formFlag(form, 'EnableSnaClientToken', false);
  const riskCheck = formField(form, 'RiskCheck');
  if (riskCheck !== undefined && riskCheck !== 'enable' && riskCheck !== 'disable') throw invalidParameter('RiskCheck');
  const deviceIp = formField(form, 'DeviceIp');
  if (deviceIp !== undefined && !/^(\d{1,3}(\.\d{1,3}){3}|[0-9a-f:.]*:[0-9a-f:.]*)$/i.test(deviceIp)) {
    throw invalidParameter('DeviceIp');
  }
  checkTags(form);
  // Both must be JSON objects; the emulator ignores what they contain.
  jsonField(form, 'ChannelConfiguration');
  jsonField(form, 'TemplateCustomSubstitutions');
  checkTemplates(account, form, channel);
  return locale;
}

function checkLocale({ account, form, path }: RouteRequest, channel: string): string | undefined {
  const locale = formField(form, 'Locale');
  if (locale === undefined || isLocale(channel, locale)) return locale;
  const { unsupportedLocale } = account.assume;
  if (unsupportedLocale === 'fallback') return undefined;
  throw unsupportedLocale === 20404 ? notFound(path) : invalidParameter('Locale');
}

function checkCustomCode({ assume }: Account, service: Service, form: URLSearchParams): void {
  const code = formField(form, 'CustomCode');
  if (code === undefined) return;
  if (!service.customCodeEnabled) {
    if (assume.disabledCustomCode === 60204) throw new ApiError(60204, 'Custom code not allowed');
    // A person must be able to type it.
  } else if (!/^[A-Za-z\d]{4,10}$/.test(code)) throw invalidParameter('CustomCode');
}

/** PSD2 demands that a message names the payment. */
function checkPayment(form: URLSearchParams, channel: string): void {
  if (!formField(form, 'Amount') || !formField(form, 'Payee')) throw new ApiError(60206);
  if (channel === 'call') throw new ApiError(60214);
}

function checkTags(form: URLSearchParams): void {
  const tags = Object.entries(jsonField(form, 'Tags') ?? {});
  const isTooLong = tags.some(([key, value]) => key.length > 128 || String(value).length > 128);
  if (tags.length > 10 || isTooLong) throw invalidParameter('Tags');
}

/** Counts the send under each of its rate limit keys, even if one of them refuses it. Throws if one does. */
export function checkRateLimits(account: Account, service: Service, form: URLSearchParams, now: number): void {
  const keys = jsonField(form, 'RateLimits') ?? {};
  let retryAfter = 0;
  let reached = '';
  for (const [name, value] of Object.entries(keys)) {
    const limit = account.rateLimits.find(service.sid, name);
    if (!limit && account.assume.unknownRateLimit === 'refuse') throw invalidParameter('RateLimits');
    const seconds = limit ? account.rateLimits.consume(limit, String(value), now) : 0;
    if (seconds > retryAfter) [retryAfter, reached] = [seconds, name];
  }
  if (retryAfter === 0) return;
  const headers = { 'Retry-After': String(retryAfter), 'Twilio-Reached-Rate-Limit': reached };
  throw new ApiError(account.assume.rateLimitExceededCode, undefined, headers);
}

/** What is nested more deeply than any template or tag could not be printed either. */
const MAX_LEVELS = 100;

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((one) => isDeeper(one, levels - 1));
}

/** A field that is a JSON object. Throws if it is anything else. */
export function jsonField(form: URLSearchParams, name: string): Record<string, unknown> | undefined {
  const text = formField(form, name);
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    if (isObject && !isDeeper(value, MAX_LEVELS)) return value as Record<string, unknown>;
  } catch {
    // Refused below, like JSON that is not an object.
  }
  throw invalidParameter(name);
}

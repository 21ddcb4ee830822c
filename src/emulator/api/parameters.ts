/** The parameters of a send that depend on neither destination nor history, each refused by Twilio's name for it. */
import { formField } from './route.js';
import { invalidParameter, ApiError } from './errors.js';
import { isLocale } from './locales.js';
import { checkTemplates } from './templates.js';
import type { Account } from '../model/account.js';
import type { Service } from '../model/service.js';

const channels = ['sms', 'call', 'email', 'whatsapp', 'sna', 'auto', 'rcs'];

/** A parameter that a send cannot do without. */
export function required(account: Account, form: URLSearchParams, name: string): string {
  const value = formField(form, name);
  if (value !== undefined) return value;
  if (account.assume.missingParameterCode === 60200) throw invalidParameter(name);
  throw new ApiError(20001, `Missing required parameter ${name} in the post body`);
}

/** `auto` is a pilot that Twilio opens for single services; it starts with a text message. */
export function checkChannel(service: Service, channel: string): string {
  if (!channels.includes(channel) || (channel === 'auto' && !service.autoChannel)) throw invalidParameter('Channel');
  return channel === 'auto' ? 'sms' : channel;
}

/** Everything that depends on neither destination nor history. Returns the locale, if one was asked for. */
export function checkParameters(
  account: Account,
  service: Service,
  form: URLSearchParams,
  channel: string,
): string | undefined {
  const locale = formField(form, 'Locale');
  if (locale !== undefined && !isLocale(channel, locale)) throw invalidParameter('Locale');
  if (form.has('CustomMessage')) throw new ApiError(60204);
  const customCode = service.customCodeEnabled ? formField(form, 'CustomCode') : undefined;
  if (customCode !== undefined && (customCode.length < 4 || customCode.length > 10))
    throw invalidParameter('CustomCode');
  if (service.psd2Enabled) {
    if (!formField(form, 'Amount') || !formField(form, 'Payee')) throw new ApiError(60206);
    if (channel === 'call') throw new ApiError(60214);
  }
  if (form.has('AppHash') && channel !== 'sms') throw new ApiError(60602);
  const riskCheck = formField(form, 'RiskCheck');
  if (riskCheck !== undefined && riskCheck !== 'enable' && riskCheck !== 'disable') throw invalidParameter('RiskCheck');
  const deviceIp = formField(form, 'DeviceIp');
  if (deviceIp !== undefined && !/^(\d{1,3}(\.\d{1,3}){3}|[0-9a-f:.]*:[0-9a-f:.]*)$/i.test(deviceIp)) {
    throw invalidParameter('DeviceIp');
  }
  const tags = Object.entries(json(form, 'Tags') ?? {});
  if (tags.length > 10 || tags.some(([key, value]) => key.length > 128 || String(value).length > 128)) {
    throw invalidParameter('Tags');
  }
  json(form, 'ChannelConfiguration');
  json(form, 'TemplateCustomSubstitutions');
  checkTemplates(account, form, channel);
  return locale;
}

/** Every known key counts, also in a send that another key refuses. */
export function checkRateLimits(account: Account, service: Service, given: string | undefined, now: number): void {
  const keys = json(new URLSearchParams(given === undefined ? {} : { RateLimits: given }), 'RateLimits') ?? {};
  let wait = 0;
  let reached = '';
  for (const [name, value] of Object.entries(keys)) {
    const limit = account.rateLimits.find(service.sid, name);
    if (!limit && account.assume.unknownRateLimit === 'refuse') throw invalidParameter('RateLimits');
    const seconds = limit ? account.rateLimits.consume(limit, String(value), now) : 0;
    if (seconds > wait) [wait, reached] = [seconds, name];
  }
  if (wait === 0) return;
  const headers = { 'Retry-After': String(wait), 'Twilio-Reached-Rate-Limit': reached };
  throw new ApiError(account.assume.rateLimitExceededCode, undefined, headers);
}

function json(form: URLSearchParams, name: string): Record<string, unknown> | undefined {
  const text = formField(form, name);
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Refused below, like JSON of another shape.
  }
  throw invalidParameter(name);
}

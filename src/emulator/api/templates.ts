/** Message templates, Twilio's default and the account's own, and the messages that they render. */
import { formField } from './route.js';
import { paginate, queryField } from './query.js';
import { ApiError } from './errors.js';
import { seededSid } from '../model/identifiers.js';
import type { Account } from '../model/account.js';
import type { RouteResult, RouteRequest } from './route.js';
import type { Template } from '../model/options.js';
import type { Service } from '../model/service.js';

const defaultTemplate: Template = {
  sid: seededSid('HJ', 1),
  friendlyName: 'Verify default',
  text: 'Your {{friendly_name}} verification code is: {{code}}',
};

const templatesOf = ({ options }: Account): Template[] => [defaultTemplate, ...(options.templates ?? [])];

/** `GET /v2/Templates`, those of one name if the query has `FriendlyName`. */
export function listTemplates(request: RouteRequest): RouteResult {
  const wanted = queryField(request, 'FriendlyName');
  const named = templatesOf(request.account).filter((one) => wanted === undefined || nameOf(one) === wanted);
  return paginate(request, 'templates', named, (one) => templateBody(one, request));
}

const nameOf = ({ sid, friendlyName = sid }: Template): string => friendlyName;

function templateBody(template: Template, { account }: RouteRequest): unknown {
  return {
    sid: template.sid,
    account_sid: account.credentials.accountSid,
    friendly_name: nameOf(template),
    channels: ['sms', 'voice'],
    translations: {
      en: {
        is_default_translation: true,
        status: 'approved',
        locale: 'en',
        text: template.text,
        date_updated: '2021-07-29T20:38:28.759979905Z',
        date_created: '2021-07-29T20:38:28.165602325Z',
      },
    },
  };
}

/** Checks `TemplateSid`, which names a template, and `Templates`, a JSON array of at most ten `{sid, substitutions}`. */
export function checkTemplates(account: Account, form: URLSearchParams, channel: string): void {
  const sid = formField(form, 'TemplateSid');
  if (sid !== undefined && channel === 'email') throw new ApiError(60408);
  if (sid !== undefined && !templatesOf(account).some((one) => one.sid === sid)) throw new ApiError(60228);
  const templates = formField(form, 'Templates');
  if (templates === undefined) return;
  let list: unknown;
  try {
    list = JSON.parse(templates);
  } catch {
    throw new ApiError(60251);
  }
  if (!Array.isArray(list) || list.length > 10) throw new ApiError(60251);
}

/** The template that an SMS or a call is made from: the send's, else the service's. Null: Twilio's default. */
export const templateSidOf = (service: Service, form: URLSearchParams): string | null =>
  formField(form, 'TemplateSid') ?? service.defaultTemplateSid;

/** The text of a message: the send's own, or by the send's template, else the service's, else Twilio's default. */
export function renderMessage(
  account: Account,
  service: Service,
  form: URLSearchParams,
  channel: string,
  code: string,
): string {
  const templateSid = templateSidOf(service, form);
  const own = channel === 'email' ? undefined : templatesOf(account).find(({ sid }) => sid === templateSid);
  const values: Record<string, string> = {
    ...substitutionsOf(form),
    code,
    friendly_name: formField(form, 'CustomFriendlyName') ?? service.friendlyName,
    ttl: String(Math.ceil(service.ttlSeconds / 60)),
  };
  const customMessage = formField(form, 'CustomMessage');
  let text = (customMessage ?? (own ?? defaultTemplate).text).replace(
    /\{\{(\w+)\}\}/g,
    (whole, name: string) => values[name] ?? whole,
  );
  if (service.doNotShareWarningEnabled && channel === 'sms') {
    text += '. Don’t share this code with anyone; our employees will never ask for the code';
  }
  const appHash = formField(form, 'AppHash');
  return appHash === undefined ? text : `<#> ${text} ${appHash}`;
}

/** The values for a template's own names. A list or an object cannot stand in a text. */
function substitutionsOf(form: URLSearchParams): Record<string, string> {
  const given = JSON.parse(formField(form, 'TemplateCustomSubstitutions') ?? '{}') as Record<string, unknown>;
  const scalars = Object.entries(given).filter(([, value]) => typeof value === 'string' || typeof value === 'number');
  return Object.fromEntries(scalars.map(([name, value]) => [name, String(value)]));
}

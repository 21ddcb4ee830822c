/** Message templates: one of them, the default; and the checks that a send makes of the templates it names. */
import { field, page } from './answer.js';
import { Refusal } from './errors.js';
import { seededSid } from './identifiers.js';
import type { Answer, Asked } from './answer.js';

const defaultTemplate = seededSid('HJ', 1);

/** `GET /v2/Templates`. */
export const listTemplates = (asked: Asked): Answer =>
  page(asked, 'templates', [defaultTemplate], (sid) => ({
    sid,
    account_sid: asked.account.credentials.accountSid,
    friendly_name: 'Verify default',
    channels: ['sms', 'voice'],
    translations: {
      en: {
        is_default_translation: true,
        status: 'approved',
        locale: 'en',
        text: 'Your {{friendly_name}} verification code is: {{code}}',
        date_updated: '2021-07-29T20:38:28.759979905Z',
        date_created: '2021-07-29T20:38:28.165602325Z',
      },
    },
  }));

/** `TemplateSid` names one; `Templates` is a JSON array of at most ten `{sid, substitutions}`. */
export function checkTemplates(form: URLSearchParams, channel: string): void {
  const sid = field(form, 'TemplateSid');
  if (sid !== undefined && channel === 'email') throw new Refusal(60408);
  if (sid !== undefined && sid !== defaultTemplate) throw new Refusal(60228);
  const templates = field(form, 'Templates');
  if (templates === undefined) return;
  let list: unknown;
  try {
    list = JSON.parse(templates);
  } catch {
    throw new Refusal(60251);
  }
  const isList = Array.isArray(list) && list.length <= 10;
  if (!isList) throw new Refusal(60251);
}

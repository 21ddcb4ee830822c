/** What the outbox tells of a message: all that the send said of it, and the link that its template has. */
import { formField } from './route.js';
import { jsonField } from './parameters.js';
import { renderMessage, templateSidOf } from './templates.js';
import type { Account } from '../model/account.js';
import type { OutboxMessage } from '../model/outbox.js';
import type { Service } from '../model/service.js';
import type { Verification, VerificationAttempt } from '../model/verification.js';

/** Describes the message of an Attempt. The form has passed every check. */
export function outboxMessage(
  account: Account,
  service: Service,
  form: URLSearchParams,
  { verification, attempt }: { verification: Verification; attempt: VerificationAttempt },
): OutboxMessage {
  const { code } = verification;
  const isEmail = attempt.channel === 'email';
  const configuration = isEmail ? (jsonField(form, 'ChannelConfiguration') ?? {}) : {};
  const substitutions = isEmail
    ? asObject(configuration.substitutions)
    : (jsonField(form, 'TemplateCustomSubstitutions') ?? null);
  const { template_id: emailTemplate } = configuration;
  return {
    to: verification.to,
    channel: attempt.channel,
    code,
    // Twilio knows an upgraded SMS by the channel that was asked for.
    text: renderMessage(account, service, form, attempt.channel === 'rcs' ? 'sms' : attempt.channel, code),
    at: new Date(attempt.createdAt).toISOString(),
    serviceSid: service.sid,
    friendlyName: formField(form, 'CustomFriendlyName') ?? service.friendlyName,
    verificationSid: verification.sid,
    attemptSid: attempt.sid,
    locale: attempt.locale,
    templateSid: isEmail ? (typeof emailTemplate === 'string' ? emailTemplate : null) : templateSidOf(service, form),
    tags: jsonField(form, 'Tags') ?? null,
    substitutions,
    customMessage: formField(form, 'CustomMessage') ?? null,
    magicLink: isEmail && service.magicLink !== '' ? renderLink(service, substitutions ?? {}, code) : null,
  };
}

/** As SendGrid fills in a template: the values as they are, and nothing for a name that has none. */
function renderLink({ magicLink }: Service, substitutions: Record<string, unknown>, code: string): string {
  return magicLink.replace(/\{\{\s*(\w+)\s*\}\}/g, (_, name: string) => {
    if (name === 'twilio_code') return code;
    const value = Object.hasOwn(substitutions, name) ? substitutions[name] : '';
    return typeof value === 'string' ? value : JSON.stringify(value);
  });
}

function asObject(value: unknown): Record<string, unknown> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null;
}

/** A Verify service in Twilio's format, always with every field. */
import { API, isoSeconds } from './route.js';
import type { RouteRequest } from './route.js';
import type { Service } from '../model/service.js';

/** Builds the body. Parameters without effect in the emulator are returned as they were set, or null. */
export function serviceBody(service: Service, { account }: RouteRequest): unknown {
  const url = `${API}/Services/${service.sid}`;
  const text = (name: string): string | null => service.more[name] ?? null;
  return {
    sid: service.sid,
    account_sid: account.credentials.accountSid,
    friendly_name: service.friendlyName,
    code_length: service.codeLength,
    lookup_enabled: service.lookupEnabled,
    psd2_enabled: service.psd2Enabled,
    skip_sms_to_landlines: service.skipSmsToLandlines,
    dtmf_input_required: service.dtmfInputRequired,
    tts_name: service.ttsName,
    do_not_share_warning_enabled: service.doNotShareWarningEnabled,
    custom_code_enabled: service.customCodeEnabled,
    push: {
      include_date: service.more['Push.IncludeDate']?.toLowerCase() === 'true',
      apn_credential_sid: text('Push.ApnCredentialSid'),
      fcm_credential_sid: text('Push.FcmCredentialSid'),
    },
    totp: {
      issuer: service.totp.issuer ?? null,
      time_step: service.totp.timeStep ?? null,
      code_length: service.totp.codeLength ?? null,
      skew: service.totp.skew ?? null,
    },
    default_template_sid: service.defaultTemplateSid,
    whatsapp: { msg_service_sid: text('Whatsapp.MsgServiceSid'), from: text('Whatsapp.From') },
    passkeys: {
      relying_party: {
        id: text('Passkeys.RelyingParty.Id'),
        name: text('Passkeys.RelyingParty.Name'),
        origins: service.more['Passkeys.RelyingParty.Origins']?.split(',') ?? null,
      },
      authenticator_attachment: text('Passkeys.AuthenticatorAttachment'),
      discoverable_credentials: text('Passkeys.DiscoverableCredentials'),
      user_verification: text('Passkeys.UserVerification'),
    },
    verify_event_subscription_enabled: service.verifyEventSubscriptionEnabled,
    date_created: isoSeconds(service.createdAt),
    date_updated: isoSeconds(service.updatedAt),
    url,
    links: {
      verifications: `${url}/Verifications`,
      verification_checks: `${url}/VerificationCheck`,
      rate_limits: `${url}/RateLimits`,
      messaging_configurations: `${url}/MessagingConfigurations`,
      entities: `${url}/Entities`,
      webhooks: `${url}/Webhooks`,
      access_tokens: `${url}/AccessTokens`,
    },
  };
}

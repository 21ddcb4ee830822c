/** A Verify service and its switches. No routes. */
import type { ServiceOptions } from './options.js';

/** A service with every switch decided. `more` holds parameters that are kept but mean nothing here (`Totp.Issuer`). */
export type Service = Required<ServiceOptions> & {
  createdAt: number;
  updatedAt: number;
  ttsName: string | null;
  defaultTemplateSid: string | null;
  verifyEventSubscriptionEnabled: boolean;
  more: Record<string, string>;
};

/** Opens a service as somebody would who has also been in the console: all is on that a code needs. */
export function openService(options: ServiceOptions, now: number): Service {
  return {
    friendlyName: 'Verify Contact',
    codeLength: 6,
    ttlSeconds: 600,
    mailer: true,
    channels: ['sms', 'call', 'email', 'whatsapp'],
    geo: {},
    fraudPrefixes: [],
    landlines: [],
    trial: false,
    verifiedNumbers: [],
    autoChannel: false,
    chinaVetted: false,
    rcsUpgrade: false,
    skipSmsToLandlines: false,
    lookupEnabled: false,
    doNotShareWarningEnabled: false,
    customCodeEnabled: false,
    psd2Enabled: false,
    dtmfInputRequired: true,
    ttsName: null,
    defaultTemplateSid: null,
    verifyEventSubscriptionEnabled: false,
    more: {},
    ...options,
    createdAt: now,
    updatedAt: now,
  };
}

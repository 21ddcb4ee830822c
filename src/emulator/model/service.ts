/** A Verify service with all its settings. No routes. */
import type { ServiceOptions } from './options.js';

/** A service with every setting filled in. `more` keeps parameters that have no effect here (`Push.IncludeDate`). */
export type Service = Required<ServiceOptions> & {
  createdAt: number;
  updatedAt: number;
  ttsName: string | null;
  defaultTemplateSid: string | null;
  verifyEventSubscriptionEnabled: boolean;
  more: Record<string, string>;
};

/** Creates a service as if it were already set up in the console: everything that a code needs is on. */
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
    customMessageEnabled: false,
    magicLink: '',
    psd2Enabled: false,
    dtmfInputRequired: true,
    totp: {},
    ttsName: null,
    defaultTemplateSid: null,
    verifyEventSubscriptionEnabled: false,
    more: {},
    ...options,
    createdAt: now,
    updatedAt: now,
  };
}

/** What is wrong with settings that are each right, or undefined. */
export function contradictionIn({ skipSmsToLandlines, lookupEnabled }: Partial<ServiceOptions>): string | undefined {
  if (skipSmsToLandlines !== true || lookupEnabled === true) return undefined;
  return '"skipSmsToLandlines" needs "lookupEnabled": set both to true, or neither.';
}

/** What the API alone knows of a service. */
const apiNames = ['createdAt', 'updatedAt', 'ttsName', 'defaultTemplateSid', 'verifyEventSubscriptionEnabled', 'more'];

/** A copy of a service's settings, as its owner can give them. */
export function settingsOf(service: Service): Required<ServiceOptions> {
  const settings = Object.entries(service).filter(([name]) => !apiNames.includes(name));
  return structuredClone(Object.fromEntries(settings)) as Required<ServiceOptions>;
}

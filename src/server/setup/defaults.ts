/** The defaults of the options, as far as they are values. */
import type { Channel } from '../../protocol/schemas.js';
import type { TwoFactorPolicy } from '../identity/two-factor-policy.js';

/** Lifetimes are in seconds. options.ts gives the reasons. */
export const defaults = {
  issuer: 'verify-contact',
  channels: ['sms', 'email'] as readonly Channel[],
  twoFactor: { required: 'by-account', email: false } as TwoFactorPolicy,
  contactProofLifetime: 1_800,
  twoFactorProofLifetime: 300,
};

/** The options' defaults, where they are values. */
import type { Channel } from '../../protocol/schemas.js';
import type { TwoFactorPolicy } from '../identity/two-factor-policy.js';

/** Lifetimes in seconds, the time-out in milliseconds; the reasons stand with the options. */
export const defaults = {
  issuer: 'verify-contact',
  channels: ['sms', 'email'] as readonly Channel[],
  twoFactor: { required: 'by-account', email: false } as TwoFactorPolicy,
  contactProofLifetime: 1_800,
  twoFactorProofLifetime: 300,
  codeLength: 6,
  lifetime: 600,
  timeout: 10_000,
};

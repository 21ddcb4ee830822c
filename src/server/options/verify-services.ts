/** The Verify services of a Twilio account that the options name. No behaviour. */
import type { Purpose } from '../../protocol/schemas.js';

/** One service of each purpose, and one with longer codes for contacts. */
export type VerifyService = Purpose | 'long-code';

/** In place of each purpose's service where the contact is a test contact. Twilio has none of them. */
export type TestService = `test-${Purpose}`;

/** Where a code comes from. */
export type CodeService = VerifyService | TestService;

/** Digits in a code of the other services, unless the host says otherwise. */
export const DEFAULT_CODE_LENGTH = 6;

/** Digits in a code of `twilio.longCodeService`. */
export const LONG_CODE_LENGTH = 8;

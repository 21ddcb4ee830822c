/** The Verify services of a Twilio account that the options name. No behaviour. */
import type { Purpose } from '../../protocol/schemas.js';

/** One service of each purpose, and one with longer codes for contacts. */
export type VerifyService = Purpose | 'long-code';

/** Digits in a code of `twilio.longCodeService`. */
export const LONG_CODE_LENGTH = 8;

/** The hosts of Twilio that the emulator plays. Names only. */

/** Verify and Lookup. Twilio serves both on port 443 alone. */
export const twilioHosts: readonly string[] = ['verify.twilio.com', 'lookups.twilio.com'];

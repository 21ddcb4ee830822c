/** What the options of `serve` take. */
import { optionObject, plainText, wholeNumber } from './kinds.js';

/** Twice as many as can wait for Twilio, for both purposes. */
export const defaultMaxConnections = 2_000;

/** Where the server listens, and how many connections it accepts. */
export const serveOptions = optionObject({
  port: wholeNumber(0, 65_535).optional(),
  hostname: plainText('must be an address or name to listen on.').optional(),
  maxConnections: wholeNumber(1).optional(),
});

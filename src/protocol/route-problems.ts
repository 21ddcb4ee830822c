/** Which problems each route answers with. `openapi.json` is made from it, and every test of the backend holds the answers against it. */
import type { ProblemCode } from './problems.js';

/** Before anything is done, and whenever a store, an account or Twilio does not answer. */
const everyPost = [
  'invalid-request',
  'unauthenticated',
  'forbidden-origin',
  'too-large',
  'unavailable',
  'misconfigured',
] as const;

/** What Twilio may answer to a send and to a check, and what the limits say. */
const provider = [
  'blocked',
  'unsupported-contact',
  'unsupported-channel',
  'too-many-attempts',
  'too-many-sends',
  'resend-too-soon',
] as const;

/** What a challenge adds: it may be made up or old, and its user may owe a second factor since. */
const challenge = ['invalid-challenge', 'code-expired', 'two-factor-needed'] as const;

/** The problems by the last segment of the path. Their order means nothing. */
export const routeProblems = {
  contact: [...everyPost, ...provider, 'invalid-contact', 'two-factor-needed'],
  'two-factor': [...everyPost, ...provider, 'invalid-contact', 'not-available'],
  resend: [...everyPost, ...provider, ...challenge, 'invalid-contact', 'not-available'],
  delivery: [...everyPost, ...challenge],
  check: [...everyPost, ...provider, ...challenge, 'wrong-code', 'contact-in-use'],
  proof: [...everyPost, 'invalid-proof', 'too-many-attempts'],
  'jwks.json': ['misconfigured'],
  'openapi.json': [],
  health: [],
} as const satisfies Record<string, readonly ProblemCode[]>;

/** The last segment of a route's path. */
export type RouteName = keyof typeof routeProblems;

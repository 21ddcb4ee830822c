/** The problems that the backend can answer with: code, status and title, for server, documents and tests. */

/**
 * Every problem code with its HTTP status and English title (RFC 9457 problem details, `urn:verify-contact:problem:<code>`).
 * A code names what a person can act on, never what Twilio said.
 */
export const problems = {
  'invalid-request': { status: 400, title: 'The request does not have the documented form.' },
  unauthenticated: { status: 401, title: 'Nobody is signed in.' },
  'forbidden-origin': { status: 403, title: 'This page may not use this backend.' },
  blocked: { status: 403, title: 'Codes cannot be sent to this contact.' },
  'two-factor-needed': { status: 403, title: 'This session must pass two-factor before it verifies another contact.' },
  'not-found': { status: 404, title: 'There is no such route.' },
  'not-available': { status: 409, title: 'There is no verified contact to send a code to.' },
  'contact-in-use': { status: 409, title: 'This contact is already verified by another account.' },
  'code-expired': { status: 410, title: 'The code has expired.' },
  'invalid-challenge': { status: 410, title: 'The challenge is not valid or no longer valid.' },
  'too-large': { status: 413, title: 'The request is too large.' },
  'invalid-contact': { status: 422, title: 'This is not a valid phone number or e-mail address.' },
  'unsupported-contact': { status: 422, title: 'Codes cannot be sent to contacts of this kind or country.' },
  'unsupported-channel': { status: 422, title: 'Codes cannot be sent to this contact by this channel.' },
  'invalid-proof': { status: 422, title: 'The proof is not valid here, or no longer valid.' },
  'wrong-code': { status: 422, title: 'The code is wrong.' },
  'too-many-attempts': { status: 429, title: 'Too many wrong codes.' },
  'too-many-sends': { status: 429, title: 'Too many codes were sent.' },
  'resend-too-soon': { status: 429, title: 'The last code was sent a moment ago.' },
  unavailable: { status: 503, title: 'Verification is not available at the moment.' },
  misconfigured: { status: 503, title: 'Verification is not set up correctly.' },
} as const satisfies Record<string, { status: number; title: string }>;

/** A problem that the backend answers with. */
export type ProblemCode = keyof typeof problems;

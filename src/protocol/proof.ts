/** What a proof says, as the backend signs it and the host's server reads it. */
import { z } from 'zod';
import { Contact, Purpose } from './schemas.js';

/** The `typ` header of a proof. It is explicit, so that no other JWT under the same keys passes for a proof (RFC 8725 section 3.11). */
export const PROOF_TYPE = 'verify-contact-proof+jwt';

/** The `typ` of a proof of a test contact. It is another one, so that a host which does not know it refuses the proof. */
export const TEST_PROOF_TYPE = 'verify-contact-test-proof+jwt';

/** The header of a proof. `kid` names a key of `jwks.json`. Only a proof of a test contact has the second `typ`. */
export const ProofHeader = z.object({ alg: z.string(), kid: z.string(), typ: z.enum([PROOF_TYPE, TEST_PROOF_TYPE]) });

/** The schema of {@link Proof}. */
export const ProofClaims = z.object({
  iss: z.string().min(1),
  aud: z.string(),
  sub: z.string().min(1).optional(),
  iat: z.int(),
  exp: z.int(),
  jti: z.string().min(1),
  purpose: Purpose,
  contact: Contact.optional(),
  amr: z.array(z.string()).min(1),
  context: z.string().optional(),
});

/**
 * What a valid proof says: the claims of the JWT (RFC 7519) under their own names. `iat` and `exp` are seconds since 1970.
 * A proof of a contact has `contact`, and `sub` if a user was signed in. A proof of two-factor has `sub` and no `contact`.
 * `amr` (RFC 8176) is `sms`, `tel`, `email` or, for WhatsApp, `otp`. The header's `typ` is `verify-contact-proof+jwt`.
 * `test` is no claim: `verifyProof` sets it for a proof of a test contact, whose `typ` is `verify-contact-test-proof+jwt`.
 */
export type Proof = z.infer<typeof ProofClaims> & { test?: true };

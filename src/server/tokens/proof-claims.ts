/** The claims of a proof, which `sign-proof.ts` writes and `verify-proof.ts` reads. */
import { z } from 'zod';
import { Contact, Purpose } from '../../protocol/schemas.js';

/** The `typ` header of a proof. It is explicit, so that no other JWT under the same keys passes for a proof (RFC 8725 section 3.11). */
export const PROOF_TYPE = 'verify-contact-proof+jwt';

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
 * An anonymous contact proof has no `sub`. `amr` (RFC 8176) is `sms`, `tel`, `email` or, for WhatsApp, `otp`.
 */
export type Proof = z.infer<typeof ProofClaims>;

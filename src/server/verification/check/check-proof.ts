/** Says whether a proof that a page kept still holds for its requester. Issues nothing, lengthens nothing and calls nobody. */
import { ProblemError } from '../../../protocol/problem-error.js';
import type { ProofRequest, ProofResult } from '../../../protocol/schemas.js';
import { countryOfNumber, formatContact } from '../../contacts/format-contact.js';
import type { BackendContext } from '../../setup/context.js';
import { ProofError, verifyProof } from '../../tokens/verify-proof.js';
import { authorizeContact, type Requester } from '../requester.js';

/**
 * Checks a proof of a contact. It must be ours, for this audience, this subject (null where nobody is signed in) and this
 * context, and not expired. Every fault is the one problem `invalid-proof`: the answer to a stolen proof teaches nothing.
 */
export async function checkProof(
  backend: BackendContext,
  requester: Requester,
  { proof, context }: ProofRequest,
): Promise<ProofResult> {
  const { options, keyRing, issuer, limits, now } = backend;
  authorizeContact(backend, requester);
  // Counted before anything is verified: a signature costs more than the counter does.
  const allowed = await limits.proof(requester.address, now());
  if (!allowed.granted) throw new ProblemError(allowed.code, { retryIn: allowed.retryIn });
  const expected = { jwks: keyRing.jwks, issuer, audience: options.audience, subject: requester.subject, now };
  const { contact, exp } = await verifyProof(proof, {
    ...expected,
    purpose: 'contact',
    ...(context === undefined ? {} : { context }),
  }).catch((error: unknown) => {
    throw error instanceof ProofError ? new ProblemError('invalid-proof') : error;
  });
  if (!contact) throw new ProblemError('invalid-proof');
  const country = countryOfNumber(contact);
  const expiresIn = Math.max(0, exp - Math.floor(now() / 1000));
  const to = formatContact(contact);
  return { proof, expiresIn, purpose: 'contact', contact, to, ...(country === undefined ? {} : { country }) };
}

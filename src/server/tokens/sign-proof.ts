/** Signs a proof: a JWT that says what a person has verified, for the host's server. */
import { SignJWT } from 'jose';
import type { Channel, Contact, Purpose } from '../../protocol/schemas.js';
import type { KeyRing } from './key-ring.js';
import { PROOF_TYPE, type Proof } from '../../protocol/proof.js';

/** What {@link signProof} signs. */
export interface SignProofOptions {
  issuer: string;
  audience: string;
  /** The user's id, or null for an anonymous proof. */
  subject: string | null;
  purpose: Purpose;
  contact?: Contact;
  channel: Channel;
  context?: string;
  /** seconds */
  lifetime: number;
  /** milliseconds since 1970 */
  now: number;
  /** The id of an earlier proof, to sign the same one again. Default: a new id. */
  jti?: string;
}

/** The authentication method (RFC 8176) of each channel. */
const amrByChannel: Record<Channel, string> = { sms: 'sms', call: 'tel', email: 'email', whatsapp: 'otp' };

/** Signs a proof with the current signing key. */
export async function signProof(keyRing: KeyRing, content: SignProofOptions): Promise<string> {
  const { issuer, audience, subject, purpose, contact, channel, context, lifetime, now } = content;
  const iat = Math.floor(now / 1000);
  const claims: Proof = {
    iss: issuer,
    aud: audience,
    ...(subject === null ? {} : { sub: subject }),
    iat,
    exp: iat + lifetime,
    jti: content.jti ?? crypto.randomUUID(),
    purpose,
    contact,
    amr: [amrByChannel[channel]],
    context,
  };
  const { alg, kid, key } = keyRing.signing;
  return await new SignJWT(claims).setProtectedHeader({ alg, kid, typ: PROOF_TYPE }).sign(key);
}

/** Proofs that are right and proofs that are wrong, as a host's server gets them: the right ones from a real backend. */
import { createHash, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { decodeJwt, exportJWK, generateKeyPair, importJWK, SignJWT, type CryptoKey, type JWTPayload } from 'jose';
import { generateKeys, importKeys } from '../../src/server/tokens/key-ring.js';
import { signProof, type SignProofOptions } from '../../src/server/tokens/sign-proof.js';
import type { Purpose } from '../../src/protocol/schemas.js';
import { AUDIENCE, createStack, EMAIL, PHONE, type Stack } from './backend-stack.js';

/** A proof, and what the host expects of it. */
export interface ProofCase {
  readonly name: string;
  readonly proof: string;
  readonly purpose: Purpose;
  readonly subject: string | null;
  readonly context: string | null;
  readonly right: boolean;
}

/** All cases, and the text of the backend's `jwks.json`, in which the key before the last rotation is still listed. */
export interface ProofCases {
  readonly jwks: string;
  readonly audience: string;
  readonly cases: readonly ProofCase[];
}

/** A number of nobody, with a fixed code. */
const REVIEWER = '+12025550123';

const TYP = 'verify-contact-proof+jwt';

/** A code goes out, the person enters it, and the page has a proof. */
async function prove(stack: Stack, user: string | null, purpose: Purpose, to: string, context?: string) {
  const person = stack.as(user);
  const { body } = purpose === 'contact' ? await person.contact({ to, context }) : await person.twoFactor({ context });
  const { body: result, problem } = await person.check(body.challenge, stack.code(to));
  if (problem !== null) throw new Error(`There is no proof of ${to}: ${problem}.`);
  return result.proof;
}

export async function proofCases(): Promise<ProofCases> {
  const previous = await generateKeyPair('EdDSA', { extractable: true });
  const keys = { ...(await generateKeys()), previousSigning: await exportJWK(previous.privateKey) };
  const stack = await createStack({
    keys,
    twoFactor: { required: 'always' },
    now: Date.now,
    emulator: { now: Date.now },
    testContacts: [{ contact: REVIEWER, code: '471093', until: new Date(Date.now() + 86_400_000).toISOString() }],
  });
  await stack.accounts.contactVerified('ada', { type: 'phone', value: PHONE });
  const jwks = await (await stack.get('jwks.json')).text();
  const ring = await importKeys(keys);
  const { kid } = ring.signing;
  const previousKid = ring.jwks.keys[1]?.kid;
  const own = (await importJWK(keys.signing, 'ES256')) as CryptoKey;
  const published = createPublicKey({ key: ring.jwks.keys[0] as never, format: 'jwk' });

  const anonymous = await prove(stack, null, 'contact', PHONE);
  const ofAda = await prove(stack, 'ada+2', 'contact', EMAIL);
  const forOrder = await prove(stack, 'ada', 'two-factor', PHONE, 'order 7');
  const started = await stack.as(null).contact({ to: REVIEWER });
  const ofReviewer = (await stack.as(null).check(started.body.challenge, '471093')).body.proof;
  const claims = decodeJwt(anonymous);
  const now = Date.now();
  const content: SignProofOptions = {
    ...{ issuer: 'verify-contact', audience: AUDIENCE, subject: null, purpose: 'contact' },
    ...{ contact: { type: 'phone', value: PHONE }, channel: 'sms', lifetime: 1800, now },
  };
  const signed = (changes: Partial<SignProofOptions>) => signProof(ring, { ...content, ...changes });
  const forged = (header: object, changes: JWTPayload, key: CryptoKey | KeyObject | Uint8Array = own) =>
    new SignJWT({ ...claims, ...changes }).setProtectedHeader({ alg: 'ES256', kid, typ: TYP, ...header }).sign(key);
  const stranger = await generateKeyPair('ES256', { extractable: true });
  const otherRing = await importKeys(await generateKeys());
  const [head = '', body = '', signature = ''] = anonymous.split('.');
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
  const pem = Buffer.from(published.export({ type: 'spki', format: 'pem' }) as string);
  const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey;
  const embedded = await exportJWK(stranger.publicKey);
  const unsigned = { alg: 'none', kid, typ: TYP };
  const stale = await new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid, typ: 'JWT' }).sign(own);

  const proof =
    (right: boolean) =>
    (name: string, text: string, expected: Partial<ProofCase> = {}) => ({
      ...{ name, proof: text, purpose: 'contact' as Purpose, subject: null, context: null, right },
      ...expected,
    });
  const yes = proof(true);
  const no = proof(false);
  return {
    jwks,
    audience: AUDIENCE,
    cases: [
      yes('of a person who was not signed in', anonymous),
      yes('of a signed-in user', ofAda, { subject: 'ada' }),
      yes('of two-factor, for one order', forOrder, { purpose: 'two-factor', subject: 'ada', context: 'order 7' }),
      yes('of a backend whose clock is fifty seconds ahead', signed({ now: now + 50_000 })),

      no('signed by another key with our kid', await forged({}, {}, stranger.privateKey)),
      no('signed by another backend, with an unknown kid', signProof(otherRing, content)),
      no('with a kid that nobody has', await forged({ kid: 'nobody' }, {})),
      no('signed by a key that the header brings along', await forged({ jwk: embedded }, {}, stranger.privateKey)),
      no('of the type JWT', await forged({ typ: 'JWT' }, {})),
      no('of no type', await forged({ typ: undefined }, {})),
      no('of a test contact, from a backend that has one', ofReviewer),
      no('of a test', await forged({ typ: 'verify-contact-test-proof+jwt' }, {})),
      no('of a test, whose type was changed afterwards', `${head}.${stale.split('.').slice(1).join('.')}`),
      no('for another audience', signed({ audience: 'https://other.example' })),
      no('for an audience that only begins alike', signed({ audience: `${AUDIENCE}/` })),
      no('for two audiences', await forged({}, { aud: [AUDIENCE, 'https://other.example'] })),
      no('for nobody in particular', await forged({}, { aud: undefined })),
      no('of a contact, where two-factor is due', ofAda, { purpose: 'two-factor', subject: 'ada' }),
      no('of two-factor, where a contact is due', forOrder, { subject: 'ada', context: 'order 7' }),
      no('of no purpose', await forged({}, { purpose: undefined })),
      no('of another user', ofAda, { subject: 'eve' }),
      no('of a user, where nobody is signed in', ofAda),
      no('of nobody, where a user is signed in', anonymous, { subject: 'ada' }),
      no('that expired an hour ago', signed({ now: now - 5_400_000 })),
      no('that expired five seconds ago', signed({ now: now - 1_805_000 })),
      no('that never expires', await forged({}, { exp: undefined })),
      no('of one order, where none is expected', forOrder, { purpose: 'two-factor', subject: 'ada' }),
      no('of another order', forOrder, { purpose: 'two-factor', subject: 'ada', context: 'order 8' }),
      no('of no order, where one is expected', anonymous, { context: 'order 7' }),
      no('without a signature, by the algorithm none', `${encode(unsigned)}.${body}.`),
      no('of the algorithm none, with a signature', `${encode(unsigned)}.${body}.${signature}`),
      no('signed by HS256 with the public key as PEM', await forged({ alg: 'HS256' }, {}, pem)),
      no('signed by HS256 with jwks.json', await forged({ alg: 'HS256' }, {}, Buffer.from(jwks))),
      no('signed by ES384', await forged({ alg: 'ES384' }, {}, p384)),
      no('signed by Ed25519 with the previous kid of another', await edDsa(claims, previousKid)),
      no(
        'with a changed contact',
        `${head}.${encode({ ...claims, contact: { type: 'phone', value: '+447400123456' } })}.${signature}`,
      ),
      no('with a signature of zeros', `${head}.${body}.${Buffer.alloc(64).toString('base64url')}`),
      no('with half a signature', `${head}.${body}.${signature.slice(0, 43)}`),
      no('with the signature of another proof', `${head}.${body}.${ofAda.split('.')[2]}`),
      no('without a signature', `${head}.${body}`),
      no('that is empty', ''),
      no('that is a hash', createHash('sha256').update(anonymous).digest('hex')),
    ],
  };
}

/** Signed by an Ed25519 key of somebody else's, under the id of our previous one. */
async function edDsa(claims: JWTPayload, kid: string | undefined): Promise<string> {
  const { privateKey } = await generateKeyPair('EdDSA');
  return new SignJWT(claims).setProtectedHeader({ alg: 'EdDSA', kid, typ: TYP }).sign(privateKey);
}

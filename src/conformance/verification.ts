/** Rules for verifying a contact, from the first code to the proof, with the emulator as Twilio. */
import { createLocalJWKSet, decodeProtectedHeader, jwtVerify, type JSONWebKeySet, type JWTPayload } from 'jose';
import { Challenge, CheckResult } from '../protocol/schemas.js';
import {
  submitCode,
  get,
  isUncacheable,
  assert,
  post,
  expectProblem,
  expectSuccess,
  type Rule,
  type BackendUnderTest,
} from './harness.js';

const group = 'Codes and proofs';
const needs = ['outbox'] as const;
type Target = Required<BackendUnderTest>;

/** A random American number, most likely one that no other rule has used. */
const freshNumber = (): string => `+1415555${2000 + Math.floor(Math.random() * 8000)}`;

/** A wrong code of the same length. */
const wrongCode = (code: string, by = 1): string =>
  String((Number(code) + by) % 10 ** code.length).padStart(code.length, '0');

/** Starts a verification of a contact. */
async function start(target: Target, to: string): Promise<Challenge> {
  return expectSuccess(await post(target, 'contact', { to }), 201, Challenge);
}

/** The codes that went to a contact, newest first. */
async function codesTo(target: Target, to: string): Promise<string[]> {
  return (await target.outbox()).filter((one) => one.to === to).map(({ code }) => code);
}

/** The newest code that went to a contact. */
async function codeTo(target: Target, to: string): Promise<string> {
  const [code] = await codesTo(target, to);
  assert(code !== undefined, `no message went to ${to}`);
  return code;
}

/** The claims of a proof. Verifies its signature with the published keys. */
export async function readProof(
  target: BackendUnderTest,
  proof: string,
): Promise<JWTPayload & Record<string, unknown>> {
  const jwks = (await (await get(target, 'jwks.json')).json()) as JSONWebKeySet;
  try {
    // Only the signature matters here: the backend's clock may differ from ours.
    const { payload } = await jwtVerify(proof, createLocalJWKSet(jwks), { currentDate: new Date(0) });
    assert(decodeProtectedHeader(proof).typ === 'verify-contact-proof+jwt', 'a proof with another typ');
    return payload;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    assert(false, `the proof is invalid: ${reason}`);
  }
}

export const codeRules: Rule[] = [
  {
    group,
    needs,
    name: 'a start sends one code and returns a challenge that reveals nothing',
    async run(target) {
      const to = freshNumber();
      const response = await post(target, 'contact', { to, locale: 'en', context: 'conformance' });
      assert(isUncacheable(response), 'a challenge that caches may store');
      const challenge = await expectSuccess(response, 201, Challenge);
      assert((await codesTo(target, to)).length === 1, 'not exactly one message');
      assert(challenge.purpose === 'contact', `purpose ${challenge.purpose}`);
      assert(challenge.to.replace(/\D/g, '') === to.slice(1), `destination ${challenge.to}`);
      assert(
        challenge.expiresIn > 0 && challenge.resendIn > 0,
        'no time to enter the code, or no wait before a resend',
      );
      const code = await codeTo(target, to);
      assert(code.length === challenge.codeLength, `codeLength ${challenge.codeLength} for ${code.length} digits`);
      assert(!JSON.stringify(challenge).includes(code), 'the code in the response');
      const content = Buffer.from(challenge.challenge, 'base64url').toString('latin1') + challenge.challenge;
      assert(!content.replace(/[\s().-]/g, '').includes(to.slice(1)), 'the number is readable in the token');
    },
  },
  {
    group,
    needs,
    name: 'a second start within the wait sends nothing',
    async run(target) {
      const to = freshNumber();
      await start(target, to);
      await start(target, to);
      assert((await codesTo(target, to)).length === 1, 'a second message');
    },
  },
  {
    group,
    needs,
    name: 'a resend within the wait is refused, and the response says how long to wait',
    async run(target) {
      const to = freshNumber();
      const { challenge } = await start(target, to);
      await expectProblem(await post(target, 'resend', { challenge }), 'resend-too-soon');
      assert((await codesTo(target, to)).length === 1, 'a second message');
    },
  },
  {
    group,
    needs,
    name: 'a wrong code counts once per idempotency key, and a key is for one request',
    async run(target) {
      const to = freshNumber();
      const { challenge } = await start(target, to);
      const wrong = wrongCode(await codeTo(target, to));
      const key = crypto.randomUUID();
      const attemptsLeft = async (response: Promise<Response>) =>
        (await expectProblem(await response, 'wrong-code')).attemptsLeft;
      const first = await attemptsLeft(submitCode(target, challenge, wrong, { key }));
      assert(first !== undefined && first < 5, `attemptsLeft ${first} after a wrong code`);
      assert(
        (await attemptsLeft(submitCode(target, challenge, wrong, { key }))) === first,
        'the same request counted twice',
      );
      await expectProblem(await submitCode(target, challenge, wrongCode(wrong), { key }), 'invalid-request');
      assert(
        (await attemptsLeft(submitCode(target, challenge, wrong))) === first - 1,
        'a new request that did not count',
      );
    },
  },
  {
    group,
    needs,
    name: 'after five wrong codes at most, further attempts are refused',
    async run(target) {
      const to = freshNumber();
      const { challenge } = await start(target, to);
      const code = await codeTo(target, to);
      for (let attempt = 1; attempt <= 6; attempt += 1) {
        const response = await submitCode(target, challenge, wrongCode(code, attempt));
        const problem = await expectProblem(response, 'wrong-code', 'too-many-attempts');
        if (problem.code === 'too-many-attempts') return;
        assert(attempt <= 5, 'a sixth wrong code was checked');
      }
    },
  },
  {
    group,
    needs,
    name: 'the right code returns a signed proof of that contact, once',
    async run(target) {
      const to = freshNumber();
      const { challenge } = await start(target, to);
      const code = await codeTo(target, to);
      const key = crypto.randomUUID();
      const { proof, contact, purpose } = await expectSuccess(
        await submitCode(target, challenge, code, { key }),
        200,
        CheckResult,
      );
      assert(purpose === 'contact' && contact?.value === to, 'a result for another purpose or contact');
      const claims = await readProof(target, proof);
      assert((claims.contact as { value?: unknown } | undefined)?.value === to, 'a proof of another contact');
      assert(claims.purpose === 'contact' && claims.sub === undefined, 'a proof for another purpose, or with a user');
      for (const name of ['iss', 'aud', 'iat', 'exp', 'jti']) assert(name in claims, `a proof without ${name}`);
      const again = await expectSuccess(await submitCode(target, challenge, code, { key }), 200, CheckResult);
      assert((await readProof(target, again.proof)).jti === claims.jti, 'the same request got another proof');
      await expectProblem(await submitCode(target, challenge, code), 'invalid-challenge');
    },
  },
];

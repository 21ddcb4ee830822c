/** A contact from the first code to the proof, with the emulator as Twilio. */
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
type Asked = Required<BackendUnderTest>;

/** A number of the emulator's country that no check has used; the last digits are left to chance. */
export const freshNumber = (): string => `+1415555${2000 + Math.floor(Math.random() * 8000)}`;

/** Another code of the same length. */
export const wrongCode = (code: string, by = 1): string =>
  String((Number(code) + by) % 10 ** code.length).padStart(code.length, '0');

export async function start(target: Asked, to: string): Promise<Challenge> {
  return expectSuccess(await post(target, 'contact', { to }), 201, Challenge);
}

export async function messagesTo(target: Asked, to: string): Promise<string[]> {
  return (await target.outbox()).filter((one) => one.to === to).map(({ code }) => code);
}

export async function codeTo(target: Asked, to: string): Promise<string> {
  const [code] = await messagesTo(target, to);
  assert(code !== undefined, `no message went to ${to}`);
  return code;
}

/** The claims of a proof, its signature checked by the published keys. */
export async function claimsOf(target: BackendUnderTest, proof: string): Promise<JWTPayload & Record<string, unknown>> {
  const jwks = (await (await get(target, 'jwks.json')).json()) as JSONWebKeySet;
  try {
    // What the backend's own clock says is its own affair: only the signature is asked about.
    const { payload } = await jwtVerify(proof, createLocalJWKSet(jwks), { currentDate: new Date(0) });
    assert(decodeProtectedHeader(proof).typ === 'verify-contact-proof+jwt', 'a proof of another typ');
    return payload;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    assert(false, `the proof does not hold: ${reason}`);
  }
}

export const codes: Rule[] = [
  {
    group,
    needs,
    name: 'a start sends one code and answers a challenge that tells nothing',
    async run(target) {
      const to = freshNumber();
      const response = await post(target, 'contact', { to, locale: 'en', context: 'conformance' });
      assert(isUncacheable(response), 'a challenge that may be cached');
      const challenge = await expectSuccess(response, 201, Challenge);
      assert((await messagesTo(target, to)).length === 1, 'not exactly one message');
      assert(challenge.purpose === 'contact', `the purpose ${challenge.purpose}`);
      assert(challenge.to.replace(/\D/g, '') === to.slice(1), `the destination ${challenge.to}`);
      assert(challenge.expiresIn > 0 && challenge.resendIn > 0, 'no time to enter it, or no wait');
      const code = await codeTo(target, to);
      assert(code.length === challenge.codeLength, `codeLength ${challenge.codeLength} for ${code.length} digits`);
      assert(!JSON.stringify(challenge).includes(code), 'the code in the answer');
      const inside = Buffer.from(challenge.challenge, 'base64url').toString('latin1') + challenge.challenge;
      assert(!inside.replace(/[\s().-]/g, '').includes(to.slice(1)), 'the number, readable in the token');
    },
  },
  {
    group,
    needs,
    name: 'starting again within the wait sends nothing',
    async run(target) {
      const to = freshNumber();
      await start(target, to);
      await start(target, to);
      assert((await messagesTo(target, to)).length === 1, 'a second message');
    },
  },
  {
    group,
    needs,
    name: 'a resend within the wait is refused with the time to wait',
    async run(target) {
      const to = freshNumber();
      const { challenge } = await start(target, to);
      await expectProblem(await post(target, 'resend', { challenge }), 'resend-too-soon');
      assert((await messagesTo(target, to)).length === 1, 'a second message');
    },
  },
  {
    group,
    needs,
    name: 'a wrong code counts once an idempotency key, and a key serves one request',
    async run(target) {
      const to = freshNumber();
      const { challenge } = await start(target, to);
      const wrong = wrongCode(await codeTo(target, to));
      const key = crypto.randomUUID();
      const left = async (answer: Promise<Response>) => (await expectProblem(await answer, 'wrong-code')).attemptsLeft;
      const first = await left(submitCode(target, challenge, wrong, { key }));
      assert(first !== undefined && first < 5, `attemptsLeft ${first} after a wrong code`);
      assert((await left(submitCode(target, challenge, wrong, { key }))) === first, 'the same request counted twice');
      await expectProblem(await submitCode(target, challenge, wrongCode(wrong), { key }), 'invalid-request');
      assert((await left(submitCode(target, challenge, wrong))) === first - 1, 'a new request that did not count');
    },
  },
  {
    group,
    needs,
    name: 'wrong codes end in too many attempts, after five at most',
    async run(target) {
      const to = freshNumber();
      const { challenge } = await start(target, to);
      const code = await codeTo(target, to);
      for (let tried = 1; tried <= 6; tried += 1) {
        const answer = await submitCode(target, challenge, wrongCode(code, tried));
        const problem = await expectProblem(answer, 'wrong-code', 'too-many-attempts');
        if (problem.code === 'too-many-attempts') return;
        assert(tried <= 5, 'a sixth wrong code was looked at');
      }
    },
  },
  {
    group,
    needs,
    name: 'the right code gives a signed proof of that contact, once',
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
      assert(purpose === 'contact' && contact?.value === to, 'a result about something else');
      const claims = await claimsOf(target, proof);
      assert((claims.contact as { value?: unknown } | undefined)?.value === to, 'a proof of another contact');
      assert(claims.purpose === 'contact' && claims.sub === undefined, 'a proof for another purpose or person');
      for (const name of ['iss', 'aud', 'iat', 'exp', 'jti']) assert(name in claims, `a proof without ${name}`);
      const again = await expectSuccess(await submitCode(target, challenge, code, { key }), 200, CheckResult);
      assert((await claimsOf(target, again.proof)).jti === claims.jti, 'the same request got another proof');
      await expectProblem(await submitCode(target, challenge, code), 'invalid-challenge');
    },
  },
];

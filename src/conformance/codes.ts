/** A contact from the first code to the proof, with the emulator as Twilio. */
import { createLocalJWKSet, decodeProtectedHeader, jwtVerify, type JSONWebKeySet, type JWTPayload } from 'jose';
import { Challenge, CheckResult } from '../protocol/schemas.js';
import { enter, get, isPrivate, must, post, refusal, success, type Check, type Target } from './harness.js';

const group = 'Codes and proofs';
const needs = ['outbox'] as const;
type Asked = Required<Target>;

/** A number of the emulator's country that no check has used; the last digits are left to chance. */
export const freshNumber = (): string => `+1415555${2000 + Math.floor(Math.random() * 8000)}`;

/** Another code of the same length. */
export const wrongCode = (code: string, by = 1): string =>
  String((Number(code) + by) % 10 ** code.length).padStart(code.length, '0');

export async function start(target: Asked, to: string): Promise<Challenge> {
  return success(await post(target, 'contact', { to }), 201, Challenge);
}

export async function messagesTo(target: Asked, to: string): Promise<string[]> {
  return (await target.outbox()).filter((one) => one.to === to).map(({ code }) => code);
}

export async function codeTo(target: Asked, to: string): Promise<string> {
  const [code] = await messagesTo(target, to);
  must(code !== undefined, `no message went to ${to}`);
  return code;
}

/** The claims of a proof, its signature checked by the published keys. */
export async function claimsOf(target: Target, proof: string): Promise<JWTPayload & Record<string, unknown>> {
  const jwks = (await (await get(target, 'jwks.json')).json()) as JSONWebKeySet;
  try {
    // What the backend's own clock says is its own affair: only the signature is asked about.
    const { payload } = await jwtVerify(proof, createLocalJWKSet(jwks), { currentDate: new Date(0) });
    must(decodeProtectedHeader(proof).typ === 'verify-contact-proof+jwt', 'a proof of another typ');
    return payload;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    must(false, `the proof does not hold: ${reason}`);
  }
}

export const codes: Check[] = [
  {
    group,
    needs,
    name: 'a start sends one code and answers a challenge that tells nothing',
    async run(target) {
      const to = freshNumber();
      const response = await post(target, 'contact', { to, locale: 'en', context: 'conformance' });
      must(isPrivate(response), 'a challenge that may be cached');
      const challenge = await success(response, 201, Challenge);
      must((await messagesTo(target, to)).length === 1, 'not exactly one message');
      must(challenge.purpose === 'contact', `the purpose ${challenge.purpose}`);
      must(challenge.to.replace(/\D/g, '') === to.slice(1), `the destination ${challenge.to}`);
      must(challenge.expiresIn > 0 && challenge.resendIn > 0, 'no time to enter it, or no wait');
      const code = await codeTo(target, to);
      must(code.length === challenge.codeLength, `codeLength ${challenge.codeLength} for ${code.length} digits`);
      must(!JSON.stringify(challenge).includes(code), 'the code in the answer');
      const inside = Buffer.from(challenge.challenge, 'base64url').toString('latin1') + challenge.challenge;
      must(!inside.replace(/[\s().-]/g, '').includes(to.slice(1)), 'the number, readable in the token');
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
      must((await messagesTo(target, to)).length === 1, 'a second message');
    },
  },
  {
    group,
    needs,
    name: 'a resend within the wait is refused with the time to wait',
    async run(target) {
      const to = freshNumber();
      const { challenge } = await start(target, to);
      await refusal(await post(target, 'resend', { challenge }), 'resend-too-soon');
      must((await messagesTo(target, to)).length === 1, 'a second message');
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
      const left = async (answer: Promise<Response>) => (await refusal(await answer, 'wrong-code')).attemptsLeft;
      const first = await left(enter(target, challenge, wrong, { key }));
      must(first !== undefined && first < 5, `attemptsLeft ${first} after a wrong code`);
      must((await left(enter(target, challenge, wrong, { key }))) === first, 'the same request counted twice');
      await refusal(await enter(target, challenge, wrongCode(wrong), { key }), 'invalid-request');
      must((await left(enter(target, challenge, wrong))) === first - 1, 'a new request that did not count');
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
        const answer = await enter(target, challenge, wrongCode(code, tried));
        const problem = await refusal(answer, 'wrong-code', 'too-many-attempts');
        if (problem.code === 'too-many-attempts') return;
        must(tried <= 5, 'a sixth wrong code was looked at');
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
      const { proof, contact, purpose } = await success(
        await enter(target, challenge, code, { key }),
        200,
        CheckResult,
      );
      must(purpose === 'contact' && contact?.value === to, 'a result about something else');
      const claims = await claimsOf(target, proof);
      must((claims.contact as { value?: unknown } | undefined)?.value === to, 'a proof of another contact');
      must(claims.purpose === 'contact' && claims.sub === undefined, 'a proof for another purpose or person');
      for (const name of ['iss', 'aud', 'iat', 'exp', 'jti']) must(name in claims, `a proof without ${name}`);
      const again = await success(await enter(target, challenge, code, { key }), 200, CheckResult);
      must((await claimsOf(target, again.proof)).jti === claims.jti, 'the same request got another proof');
      await refusal(await enter(target, challenge, code), 'invalid-challenge');
    },
  },
];

/** Rules for verifying a contact, from the first code to the proof, with the emulator as Twilio. */
import { createLocalJWKSet, decodeProtectedHeader, jwtVerify, type JSONWebKeySet } from 'jose';
import { PROOF_TYPE, ProofClaims, ProofHeader, type Proof } from '../protocol/proof.js';
import { Challenge, CheckResult, DeliveryResult, ProofResult } from '../protocol/schemas.js';
import {
  submitCode,
  get,
  isUncacheable,
  assert,
  post,
  expectProblem,
  expectSuccess,
  LeftOut,
  MAX_WAIT,
  type BackendUnderTest,
  type Examination,
  type FullExamination,
  type Rule,
  type Started,
} from './harness.js';
import { reservedAddress, reservedNumber } from './reserved-contacts.js';

const group = 'Codes and proofs';
const needs = ['outbox'] as const;
/** Twilio allows five wrong codes for a verification. */
const MAX_WRONG_CODES = 5;

/** What the proofs are for. */
const CONTEXT = 'conformance';

/** A wrong code of the same length. */
const wrongCode = (code: string, by = 1): string =>
  String((Number(code) + by) % 10 ** code.length).padStart(code.length, '0');

/** The codes that went to a contact, newest first. */
async function codesTo(target: FullExamination, to: string): Promise<string[]> {
  return (await target.outbox()).filter((one) => one.to === to).map(({ code }) => code);
}

/** A reserved number that has had no message yet. */
async function freshNumber(target: FullExamination): Promise<string> {
  const known = new Set((await target.outbox()).map(({ to }) => to));
  let number = reservedNumber();
  while (known.has(number)) number = reservedNumber();
  return number;
}

/** Starts a verification of a number, or of an address if the backend sends to no such number. */
async function start(target: FullExamination): Promise<Started> {
  const request = (to: string) => post(target, 'contact', { to, locale: 'en', context: CONTEXT });
  let to = await freshNumber(target);
  let response = await request(to);
  if (response.status === 422) response = await request((to = reservedAddress()));
  const challenge = await expectSuccess(response, 201, Challenge);
  const [code] = await codesTo(target, to);
  const { emulator = 'the outbox' } = target;
  assert(
    code !== undefined,
    `no message went to ${to}: either the backend sends none, or ${emulator} is not the emulator that it uses`,
  );
  return { to, challenge, code, response };
}

/** The verification that the rules share. The first rule that needs it starts it. */
async function shared(target: FullExamination): Promise<Started> {
  if (!target.shared) {
    target.shared = { started: start(target), wrongCodes: 0 };
    return await target.shared.started;
  }
  return await target.shared.started.catch((error: unknown) => {
    throw error instanceof LeftOut ? error : new LeftOut('no code was sent, as a rule above says');
  });
}

/** Submits a code that is wrong for the shared verification. */
async function submitWrong(target: FullExamination, by: number, key?: string): Promise<Response> {
  const { challenge, code } = await shared(target);
  return await submitCode(target, challenge.challenge, wrongCode(code, by), key === undefined ? {} : { key });
}

/** The claims of a proof. Verifies its signature with the published keys. */
export async function readProof(target: BackendUnderTest, proof: string): Promise<Proof> {
  const jwks = (await (await get(target, 'jwks.json')).json()) as JSONWebKeySet;
  try {
    // Only the signature matters here: the backend's clock may differ from ours.
    const { payload } = await jwtVerify(proof, createLocalJWKSet(jwks), { currentDate: new Date(0) });
    const header = ProofHeader.safeParse(decodeProtectedHeader(proof));
    assert(header.success, 'a header that openapi.json does not describe');
    assert(header.data.typ === PROOF_TYPE, 'a proof of a test contact, which proves nothing');
    const claims = ProofClaims.safeParse(payload);
    const [issue] = claims.error?.issues ?? [];
    assert(claims.success, `the claim ${issue?.path.join('.')} is missing or wrong`);
    return claims.data;
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
      const { to, challenge, code, response } = await shared(target);
      assert(isUncacheable(response), 'a challenge that caches may store');
      assert((await codesTo(target, to)).length === 1, 'not exactly one message');
      assert(challenge.purpose === 'contact', `purpose ${challenge.purpose}`);
      const plain = (text: string) => text.replace(/[^\p{L}\p{N}@.-]|(?<=\d)[ .-]/gu, '');
      assert(plain(challenge.to) === plain(to), `destination ${challenge.to}`);
      assert(
        challenge.expiresIn > 0 && challenge.resendIn > 0,
        'no time to enter the code, or no wait before a resend',
      );
      assert(code.length === challenge.codeLength, `codeLength ${challenge.codeLength} for ${code.length} digits`);
      assert(!JSON.stringify(challenge).includes(code), 'the code in the response');
      const content = Buffer.from(challenge.challenge, 'base64url').toString('latin1') + challenge.challenge;
      assert(!plain(content).includes(plain(to)), 'the contact is readable in the token');
    },
  },
  {
    group,
    needs,
    name: 'a second start within the wait sends nothing',
    async run(target) {
      const { to } = await shared(target);
      await expectSuccess(await post(target, 'contact', { to }), 201, Challenge);
      assert((await codesTo(target, to)).length === 1, 'a second message');
    },
  },
  {
    group,
    needs,
    name: 'only the request that sent a message is told whether it has arrived',
    async run(target) {
      const { to, challenge } = await shared(target);
      const ask = async (token: string) =>
        await expectSuccess(await post(target, 'delivery', { challenge: token }), 200, DeliveryResult);
      await ask(challenge.challenge);
      const later = await expectSuccess(await post(target, 'contact', { to }), 201, Challenge);
      const { delivery } = await ask(later.challenge);
      assert((await codesTo(target, to)).length === 1, 'a second message');
      assert(delivery === 'unknown', `${delivery} of the message of another request`);
    },
  },
  {
    group,
    needs,
    name: 'a resend within the wait is refused, and the response says how long to wait',
    async run(target) {
      const { to, challenge } = await shared(target);
      // Another limit may be reached at the same moment: it refuses too, and says how long.
      const response = await post(target, 'resend', { challenge: challenge.challenge });
      await expectProblem(response, 'resend-too-soon', 'too-many-sends');
      assert((await codesTo(target, to)).length === 1, 'a second message');
    },
  },
  {
    group,
    needs,
    name: 'a wrong code counts once per idempotency key, and a key is for one request',
    async run(target) {
      const key = crypto.randomUUID();
      const attemptsLeft = async (response: Promise<Response>) =>
        (await expectProblem(await response, 'wrong-code')).attemptsLeft;
      const first = await attemptsLeft(submitWrong(target, 1, key));
      if (target.shared) target.shared.wrongCodes += 1;
      assert(first !== undefined && first < MAX_WRONG_CODES, `attemptsLeft ${first} after a wrong code`);
      assert((await attemptsLeft(submitWrong(target, 1, key))) === first, 'the same request counted twice');
      await expectProblem(await submitWrong(target, 2, key), 'invalid-request');
      const second = await attemptsLeft(submitWrong(target, 1));
      if (target.shared) target.shared.wrongCodes += 1;
      assert(second === first - 1, 'a new request that did not count');
    },
  },
  {
    group,
    needs,
    name: 'after five wrong codes at most, further attempts are refused',
    async run(target) {
      await shared(target);
      const { shared: state } = target;
      for (let by = 3; state && by <= 3 + MAX_WRONG_CODES; by += 1) {
        const response = await submitWrong(target, by);
        const { code, retryIn = Infinity } = await expectProblem(response, 'wrong-code', 'too-many-attempts');
        if (code === 'too-many-attempts') {
          if (state.wrongCodes === 0)
            throw new LeftOut(`earlier wrong codes have used up the attempts; they open in ${retryIn} s`);
          return await waitForCheck(target, state.wrongCodes, retryIn);
        }
        state.wrongCodes += 1;
        assert(state.wrongCodes <= MAX_WRONG_CODES, 'a sixth wrong code was checked');
      }
    },
  },
  {
    group,
    needs,
    name: 'the right code returns a signed proof of that contact, once',
    async run(target) {
      const { to, challenge, code } = await shared(target);
      const submit = (key: string) => submitCode(target, challenge.challenge, code, { key });
      const key = crypto.randomUUID();
      const { proof, contact, purpose } = await expectSuccess(await submit(key), 200, CheckResult);
      assert(purpose === 'contact' && contact?.value === to, 'a result for another purpose or contact');
      target.proof = proof;
      const claims = await readProof(target, proof);
      assert(claims.contact?.value === to, 'a proof of another contact');
      assert(claims.purpose === 'contact' && claims.sub === undefined, 'a proof for another purpose, or with a user');
      const again = await expectSuccess(await submit(key), 200, CheckResult);
      assert((await readProof(target, again.proof)).jti === claims.jti, 'the same request got another proof');
      await expectProblem(await submit(crypto.randomUUID()), 'invalid-challenge');
    },
  },
  {
    group,
    needs,
    name: 'a proof is confirmed as it is, to its subject and for its context only',
    async run(target) {
      const { proof } = target;
      if (proof === undefined) throw new LeftOut('no proof was issued');
      const response = await post(target, 'proof', { proof, context: CONTEXT });
      if (response.status === 404) throw new LeftOut('the backend has no route `proof`: elements take no proof back');
      const confirmed = await expectSuccess(response, 200, ProofResult);
      const { contact, exp, iat } = await readProof(target, proof);
      assert(confirmed.proof === proof, 'another proof than was given');
      assert(JSON.stringify(confirmed.contact) === JSON.stringify(contact), 'another contact than that of the proof');
      assert(confirmed.expiresIn <= exp - iat, 'a proof that lives longer than it says');
      const refused = async (body: object, headers?: Record<string, string>) =>
        expectProblem(await post(target, 'proof', body, headers), 'invalid-proof');
      await refused({ proof, context: 'another' });
      await refused({ proof });
      await refused({ proof: proof.replace(/.{8}$/, 'AAAAAAAA'), context: CONTEXT });
      if ((target as Examination).user) await refused({ proof, context: CONTEXT }, target.user);
    },
  },
];

/**
 * Waits until the right code may be entered, which gives the wrong ones back: otherwise a few runs would use up what this
 * address may try in a day. If that takes too long, the next rule starts another verification.
 */
async function waitForCheck(target: FullExamination, wrongCodes: number, retryIn: number): Promise<void> {
  if (target.wait && retryIn <= MAX_WAIT && wrongCodes < MAX_WRONG_CODES) await target.wait(retryIn);
  else delete target.shared;
}

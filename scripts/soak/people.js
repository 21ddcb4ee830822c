/** Simulated people who each verify their own number, and what each of them saw. Judges nothing. */
import { setTimeout as pause } from 'node:timers/promises';
import { Agent, request } from 'undici';
import { pollUntil } from '../processes/poll-until.js';

/**
 * What one person saw. `proofs` are all that they received, in the order of the answers.
 * @typedef {{ to: string, end: string, wrongApproved: boolean, differing: boolean, proofs: string[] }} Seen
 * @typedef {{ url(): string, code(to: string): string | undefined, count(outcome: string): void, patience(): number }} World
 */

const agent = new Agent({ connections: 256, keepAliveTimeout: 5_000 });

/** A different German mobile number for each `n`. @param {number} n */
export const numberOf = (n) => `+49151${String(10_000_000 + n)}`;

/**
 * One request. Status 0 means that the connection was refused or cut, as a page sees it.
 * @param {World} world @param {string} path @param {object} body @param {string} [key]
 * @returns {Promise<{ status: number, body: { challenge?: string, proof?: string, code?: string, retryIn?: number } }>}
 */
async function post(world, path, body, key) {
  const headers = { 'content-type': 'application/json', ...(key && { 'idempotency-key': key }) };
  try {
    const answer = await request(`${world.url()}/${path}`, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
      dispatcher: agent,
    });
    const parsed = /** @type {{ code?: string }} */ (await answer.body.json());
    world.count(`${path}: ${parsed.code ?? answer.statusCode}`);
    return { status: answer.statusCode, body: parsed };
  } catch {
    world.count(`${path}: unreachable`);
    return { status: 0, body: {} };
  }
}

/** The connection was cut, or the answer asks for another try. */
const noAnswer = (/** @type {number} */ status) => status === 0 || status === 503;

/** Repeats a request until it has a final answer, as the element and a patient person do. */
async function retry(/** @type {World} */ world, /** @type {string} */ path, /** @type {object} */ body, key = '') {
  for (let wait = 0.3; ; wait = Math.min(5, wait * 1.5)) {
    const answer = await post(world, path, body, key || undefined);
    const again = noAnswer(answer.status) || answer.body.code === 'resend-too-soon';
    if (!again || Date.now() > world.patience()) return answer;
    await pause(1000 * Math.min(5, answer.body.retryIn ?? wait * (1 + Math.random())));
  }
}

/** The journey of one person. @param {World} world @param {number} n @returns {Promise<Seen>} */
export async function person(world, n) {
  const to = numberOf(n);
  /** @type {Seen} */
  const seen = { to, end: '', wrongApproved: false, differing: false, proofs: [] };
  const started = await retry(world, 'contact', { to });
  const { challenge } = started.body;
  if (!challenge) return { ...seen, end: `contact: ${started.body.code ?? started.status}` };
  if (n % 20 === 0) return { ...seen, end: 'left' };
  // Where no message arrives, the outcome of an empty code reports it.
  const code = await pollUntil(() => world.code(to), { timeout: 5_000 }).catch(() => '');
  if (n % 4 === 0) {
    const wrong = String((Number(code) + 1) % 1e6).padStart(6, '0');
    seen.wrongApproved = (await retry(world, 'check', { challenge, code: wrong }, crypto.randomUUID())).status === 200;
  }
  const key = crypto.randomUUID();
  const twice = n % 5 === 0 ? 2 : 1;
  const checks = Array.from({ length: twice }, () => retry(world, 'check', { challenge, code }, key));
  const answers = await Promise.all(checks);
  // A repeated request must get the same answer.
  if (n % 10 === 1) answers.push(await retry(world, 'check', { challenge, code }, key));
  const last = answers.at(-1);
  seen.proofs = answers.flatMap(({ body }) => body.proof ?? []);
  // A missing answer does not differ: the same request would still get the proof.
  const came = answers.filter(({ status }) => !noAnswer(status));
  seen.differing = seen.proofs.length > 0 && seen.proofs.length < came.length;
  if (n % 10 === 2 && seen.proofs.length > 0) {
    const other = await retry(world, 'check', { challenge, code }, crypto.randomUUID());
    seen.wrongApproved ||= other.status === 200;
  }
  return { ...seen, end: seen.proofs.length > 0 ? 'proof' : `check: ${last?.body.code ?? last?.status}` };
}

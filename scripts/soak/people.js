/** People who verify numbers of their own, one after another at a constant rate, and what each of them saw. It judges nothing. */
import { setTimeout as pause } from 'node:timers/promises';
import { Agent, request } from 'undici';
import { pollUntil } from '../processes/poll-until.js';

/**
 * What one person saw in the end. `proofs` are all that were handed out, in the order of the answers.
 * @typedef {{ to: string, end: string, wrongApproved: boolean, differing: boolean, proofs: string[] }} Seen
 * @typedef {{ url(): string, code(to: string): string | undefined, count(outcome: string): void, patience(): number }} World
 */

const agent = new Agent({ connections: 256, keepAliveTimeout: 5_000 });

/** A German mobile number of its own. @param {number} n */
export const numberOf = (n) => `+49151${String(10_000_000 + n)}`;

/**
 * One request; a connection that was refused or cut is status 0, as a page sees it.
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
    const said = /** @type {{ code?: string }} */ (await answer.body.json());
    world.count(`${path}: ${said.code ?? answer.statusCode}`);
    return { status: answer.statusCode, body: said };
  } catch {
    world.count(`${path}: unreachable`);
    return { status: 0, body: {} };
  }
}

/** Cut off, or told to come again. */
const noAnswer = (/** @type {number} */ status) => status === 0 || status === 503;

/** Repeats what may be repeated until there is an answer of substance, as the element and a patient person do. */
async function insist(/** @type {World} */ world, /** @type {string} */ path, /** @type {object} */ body, key = '') {
  for (let wait = 0.3; ; wait = Math.min(5, wait * 1.5)) {
    const answer = await post(world, path, body, key || undefined);
    const again = noAnswer(answer.status) || answer.body.code === 'resend-too-soon';
    if (!again || Date.now() > world.patience()) return answer;
    await pause(1000 * Math.min(5, answer.body.retryIn ?? wait * (1 + Math.random())));
  }
}

/** One person's way. @param {World} world @param {number} n @returns {Promise<Seen>} */
export async function person(world, n) {
  const to = numberOf(n);
  /** @type {Seen} */
  const seen = { to, end: '', wrongApproved: false, differing: false, proofs: [] };
  const started = await insist(world, 'contact', { to });
  const { challenge } = started.body;
  if (!challenge) return { ...seen, end: `contact: ${started.body.code ?? started.status}` };
  if (n % 20 === 0) return { ...seen, end: 'left' };
  // Without a message, the check of an empty code says so in the end.
  const code = await pollUntil(() => world.code(to), { timeout: 5_000 }).catch(() => '');
  if (n % 4 === 0) {
    const wrong = String((Number(code) + 1) % 1e6).padStart(6, '0');
    seen.wrongApproved = (await insist(world, 'check', { challenge, code: wrong }, crypto.randomUUID())).status === 200;
  }
  const key = crypto.randomUUID();
  const twice = n % 5 === 0 ? 2 : 1;
  const checks = Array.from({ length: twice }, () => insist(world, 'check', { challenge, code }, key));
  const answers = await Promise.all(checks);
  // An answer that arrived is asked for again: it must be the same one.
  if (n % 10 === 1) answers.push(await insist(world, 'check', { challenge, code }, key));
  const last = answers.at(-1);
  seen.proofs = answers.flatMap(({ body }) => body.proof ?? []);
  // One that never came, or came too late, is no other answer: the same request would still get the proof.
  const came = answers.filter(({ status }) => !noAnswer(status));
  seen.differing = seen.proofs.length > 0 && seen.proofs.length < came.length;
  if (n % 10 === 2 && seen.proofs.length > 0) {
    const other = await insist(world, 'check', { challenge, code }, crypto.randomUUID());
    seen.wrongApproved ||= other.status === 200;
  }
  return { ...seen, end: seen.proofs.length > 0 ? 'proof' : `check: ${last?.body.code ?? last?.status}` };
}

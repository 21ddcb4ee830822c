/** How a rule sends requests to a backend and checks the responses. Knows no rule of the contract except the form of a problem. */
import type { z } from 'zod';
import { Problem } from '../protocol/schemas.js';
import { problems, type ProblemCode } from '../protocol/problems.js';

/** A message from the emulator's outbox. */
export interface Message {
  to: string;
  code: string;
}

/** The backend to examine. Anonymous users must be able to verify a contact. Rules that need what it does not offer are skipped. */
export interface BackendUnderTest {
  /** Its URL, without a slash at the end. */
  endpoint: string;
  fetch(request: Request): Promise<Response>;
  /** The messages that were "delivered", newest first, if the backend uses our emulator. */
  outbox?(): Promise<Message[]>;
  /** Headers of a session that has passed the password and needs a second factor, for a user with a verified contact. */
  user?: Record<string, string>;
}

/** One rule of the contract. */
export interface Rule {
  group: string;
  /** The rule, as a sentence. */
  name: string;
  needs?: readonly ('outbox' | 'user')[];
  /** Rejects with a {@link ConformanceError} if the backend breaks the rule. */
  run(target: Required<BackendUnderTest>): Promise<void>;
}

/** The backend broke a rule. The message says how. */
class ConformanceError extends Error {
  override readonly name = 'ConformanceError';
}

/** Throws a {@link ConformanceError} with the message unless the condition is true. */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new ConformanceError(message);
}

/** Sends a POST as a program does. `headers` add to the default ones or replace them. */
export function post(target: BackendUnderTest, route: string, body: unknown, headers: Record<string, string> = {}) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const all = { 'content-type': 'application/json', ...headers };
  return target.fetch(new Request(`${target.endpoint}/${route}`, { method: 'POST', headers: all, body: text }));
}

/** Sends a GET. */
export function get(target: BackendUnderTest, route: string): Promise<Response> {
  return target.fetch(new Request(`${target.endpoint}/${route}`));
}

/** Checks a code, with a new idempotency key unless you give one. */
export function submitCode(
  target: BackendUnderTest,
  challenge: string,
  code: string,
  { key = crypto.randomUUID(), headers = {} }: { key?: string; headers?: Record<string, string> } = {},
): Promise<Response> {
  return post(target, 'check', { challenge, code }, { 'idempotency-key': key, ...headers });
}

/** Asserts the status and schema of a successful response. Returns its body. */
export async function expectSuccess<T>(response: Response, status: number, schema: z.ZodType<T>): Promise<T> {
  const text = await response.text();
  assert(response.status === status, `status ${response.status} instead of ${status}: ${text.slice(0, 200)}`);
  assert(isType(response, 'application/json'), `content type ${response.headers.get('content-type')}`);
  const body = schema.safeParse(parseJson(text));
  assert(body.success, `a body that does not match the schema: ${text.slice(0, 200)}`);
  return body.data;
}

/** Asserts that the response is one of these problems, with its status and the form of problem details (RFC 9457). */
export async function expectProblem(response: Response, ...codes: [ProblemCode, ...ProblemCode[]]): Promise<Problem> {
  const text = await response.text();
  const body = Problem.safeParse(parseJson(text));
  assert(body.success, `status ${response.status} without problem details: ${text.slice(0, 200)}`);
  const { code, status, type, retryIn } = body.data;
  assert(codes.includes(code), `the problem ${code} instead of ${codes.join(' or ')}`);
  assert(response.status === problems[code].status, `${code} with status ${response.status}`);
  assert(status === response.status, `status ${status} in the body and ${response.status} in the response`);
  assert(type === `urn:verify-contact:problem:${code}`, `the type ${type}`);
  assert(isType(response, 'application/problem+json'), `content type ${response.headers.get('content-type')}`);
  const retryAfter = response.headers.get('retry-after');
  const isSameWait = retryIn === undefined || retryAfter === String(retryIn);
  assert(isSameWait, `retryIn ${retryIn} with Retry-After ${retryAfter}`);
  assert(status !== 429 || retryIn !== undefined, `${code} without retryIn`);
  assert(isUncacheable(response), 'a problem that caches may store');
  return body.data;
}

/** Whether the response forbids caches to store it. */
export const isUncacheable = (response: Response): boolean =>
  (response.headers.get('cache-control') ?? '').includes('no-store');

const isType = (response: Response, type: string) => response.headers.get('content-type')?.split(';')[0] === type;

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

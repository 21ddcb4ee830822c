/** A backend to examine, and how a check asks it and judges an answer. It knows no rule of the contract but the form of a problem. */
import type { z } from 'zod';
import { Problem } from '../protocol/schemas.js';
import { problems, type ProblemCode } from '../protocol/problems.js';

/** A message as the emulator's outbox has it. */
export interface Message {
  to: string;
  code: string;
}

/** What is examined. It lets people verify a contact who are not signed in; all else that it cannot offer leaves checks out. */
export interface BackendUnderTest {
  /** Where it is mounted, without a slash at the end. */
  endpoint: string;
  ask(request: Request): Promise<Response>;
  /** What was "delivered", newest first, if its Twilio is our emulator. */
  outbox?(): Promise<Message[]>;
  /** Headers of a session that has passed the password and owes a second factor, for a user with a verified contact. */
  user?: Record<string, string>;
}

/** One rule of the contract. */
export interface Rule {
  group: string;
  /** The rule, as a sentence. */
  name: string;
  needs?: readonly ('outbox' | 'user')[];
  /** Rejects with a {@link ConformanceError} where the rule is broken. */
  run(target: Required<BackendUnderTest>): Promise<void>;
}

/** The backend broke a rule; the message says how. */
export class ConformanceError extends Error {
  override readonly name = 'Breach';
}

/** Throws a {@link ConformanceError} unless it is so. */
export function assert(so: boolean, otherwise: string): asserts so {
  if (!so) throw new ConformanceError(otherwise);
}

/** A POST as a program sends it; headers add to it or replace. */
export function post(target: BackendUnderTest, route: string, body: unknown, headers: Record<string, string> = {}) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const all = { 'content-type': 'application/json', ...headers };
  return target.ask(new Request(`${target.endpoint}/${route}`, { method: 'POST', headers: all, body: text }));
}

export function get(target: BackendUnderTest, route: string): Promise<Response> {
  return target.ask(new Request(`${target.endpoint}/${route}`));
}

/** A check of a code, with a fresh idempotency key unless one is given. */
export function submitCode(
  target: BackendUnderTest,
  challenge: string,
  code: string,
  { key = crypto.randomUUID(), headers = {} }: { key?: string; headers?: Record<string, string> } = {},
): Promise<Response> {
  return post(target, 'check', { challenge, code }, { 'idempotency-key': key, ...headers });
}

/** The body of a success, held to its status and schema. */
export async function expectSuccess<T>(response: Response, status: number, schema: z.ZodType<T>): Promise<T> {
  const text = await response.text();
  assert(response.status === status, `status ${response.status} in place of ${status}: ${text.slice(0, 200)}`);
  assert(isType(response, 'application/json'), `content type ${response.headers.get('content-type')}`);
  const body = schema.safeParse(parsed(text));
  assert(body.success, `a body of another form: ${text.slice(0, 200)}`);
  return body.data;
}

/** The problem of a refusal, held to its code, its status and the form of problem details (RFC 9457). */
export async function expectProblem(response: Response, ...codes: [ProblemCode, ...ProblemCode[]]): Promise<Problem> {
  const text = await response.text();
  const body = Problem.safeParse(parsed(text));
  assert(body.success, `status ${response.status} without problem details: ${text.slice(0, 200)}`);
  const { code, status, type, retryIn } = body.data;
  assert(codes.includes(code), `the problem ${code} in place of ${codes.join(' or ')}`);
  assert(response.status === problems[code].status, `${code} with status ${response.status}`);
  assert(status === response.status, `a status of ${status} in the body and ${response.status} outside`);
  assert(type === `urn:verify-contact:problem:${code}`, `the type ${type}`);
  assert(isType(response, 'application/problem+json'), `content type ${response.headers.get('content-type')}`);
  const after = response.headers.get('retry-after');
  assert(retryIn === undefined || after === String(retryIn), `retryIn ${retryIn} with Retry-After ${after}`);
  assert(status !== 429 || retryIn !== undefined, `${code} without retryIn`);
  assert(isUncacheable(response), 'a problem that may be cached');
  return body.data;
}

/** Whether no cache may keep it. */
export const isUncacheable = (response: Response): boolean =>
  (response.headers.get('cache-control') ?? '').includes('no-store');

const isType = (response: Response, type: string) => response.headers.get('content-type')?.split(';')[0] === type;

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

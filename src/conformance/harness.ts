/** How a rule sends requests to a backend and checks the responses. Knows no rule of the contract except the form of a problem. */
import type { z } from 'zod';
import { Problem, type Challenge } from '../protocol/schemas.js';
import { problems, type ProblemCode } from '../protocol/problems.js';

/** A message from the emulator's outbox. */
export interface Message {
  to: string;
  code: string;
}

/** The backend to examine. Rules that need what it does not offer, or what its limits refuse at the moment, are left out. */
export interface BackendUnderTest {
  /** Its URL, without a slash at the end. */
  endpoint: string;
  fetch(request: Request): Promise<Response>;
  /** The messages that were "delivered", newest first, if the backend uses our emulator. */
  outbox?(): Promise<Message[]>;
  /** The address of that emulator, to name it if no message arrives there. */
  emulator?: string;
  /** Waits for so many seconds, at most {@link MAX_WAIT}. Without it, a code that may not be entered yet is not entered. */
  wait?(seconds: number): Promise<void>;
  /** Headers of a session that has passed the password and needs a second factor, for a user with a verified contact. */
  user?: Record<string, string>;
}

/** The longest wait, in seconds, for which a rule waits. */
export const MAX_WAIT = 60;

/** A problem that the backend answered with. */
export interface Answer {
  method: string;
  /** The path after the endpoint, such as `/check`. */
  path: string;
  status: number;
  code: string;
}

/** A backend while it is examined. The rules share one verification, so that a run uses up as little of the limits as it can. */
export interface Examination extends BackendUnderTest {
  /** The problems so far. */
  answers: Answer[];
  /** The verification that the rules share, once one is started, and how many wrong codes it has had. */
  shared?: { started: Promise<Started>; wrongCodes: number };
  /** The proof of its contact, once the right code was submitted. */
  proof?: string;
}

/** A verification of a contact that belongs to nobody. */
export interface Started {
  to: string;
  challenge: Challenge;
  code: string;
  response: Response;
}

/** An examination that has all that a rule may need. */
export type FullExamination = Examination & Required<Pick<BackendUnderTest, 'outbox' | 'user'>>;

/** One rule of the contract. */
export interface Rule {
  group: string;
  /** The rule, as a sentence. */
  name: string;
  needs?: readonly ('outbox' | 'user')[];
  /** Rejects with a {@link ConformanceError} if the backend breaks the rule, and with {@link LeftOut} if that cannot be said. */
  run(target: FullExamination): Promise<void>;
}

/** The backend broke a rule. The message says how. */
class ConformanceError extends Error {
  override readonly name = 'ConformanceError';
}

/** Whether the backend keeps the rule cannot be said at the moment. The message says why. */
export class LeftOut extends Error {
  override readonly name = 'LeftOut';
}

/** The responses to requests of nobody: the contract lets a backend answer these before it reads the body. */
const ofNobody = new WeakSet<Response>();

/** Throws a {@link ConformanceError} with the message unless the condition is true. */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new ConformanceError(message);
}

/** Sends a POST as a program does. `headers` add to the default ones or replace them. */
export async function post(
  target: BackendUnderTest,
  route: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Response> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const all = { 'content-type': 'application/json', ...headers };
  const request = new Request(`${target.endpoint}/${route}`, { method: 'POST', headers: all, body: text });
  const isOfNobody = !request.headers.has('authorization') && !request.headers.has('cookie');
  const response = await target.fetch(request);
  if (isOfNobody) ofNobody.add(response);
  return response;
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
  if (response.status !== status) rejectOtherReasons(response, text);
  assert(response.status === status, `status ${response.status} instead of ${status}: ${text.slice(0, 200)}`);
  assert(isType(response, 'application/json'), `content type ${response.headers.get('content-type')}`);
  const body = schema.safeParse(parseJson(text));
  assert(body.success, `a body that does not match the schema: ${text.slice(0, 200)}`);
  return body.data;
}

/** Asserts that the response is one of these problems, with its status and the form of problem details (RFC 9457). */
export async function expectProblem(response: Response, ...codes: [ProblemCode, ...ProblemCode[]]): Promise<Problem> {
  const text = await response.text();
  // Something in front of the backend may have limits too, which answer in their own form.
  const mayBeLimited = codes.some((code) => problems[code].status === 429);
  if (!mayBeLimited && response.status === 429 && !Problem.safeParse(parseJson(text)).success)
    throw new LeftOut('something in front of the backend answers 429: too many requests');
  const problem = readProblem(response, text);
  if (!codes.includes(problem.code)) rejectOtherReasons(response, text);
  assert(codes.includes(problem.code), `the problem ${problem.code} instead of ${codes.join(' or ')}`);
  return problem;
}

/** Reads a problem and asserts its form. */
function readProblem(response: Response, text: string): Problem {
  const body = Problem.safeParse(parseJson(text));
  assert(body.success, `status ${response.status} without problem details: ${text.slice(0, 200)}`);
  const { code, status, type, retryIn } = body.data;
  // A route that does not answer the method is the one problem with a status of its own.
  const isOtherMethod = code === 'invalid-request' && response.status === 405;
  assert(isOtherMethod || response.status === problems[code].status, `${code} with status ${response.status}`);
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

/** Throws {@link LeftOut} if a limit refused the request, or if it came from nobody and the backend wants a session. */
function rejectOtherReasons(response: Response, text: string): void {
  if (response.status !== 429 && response.status !== 401) return;
  const problem = Problem.safeParse(parseJson(text));
  if (!problem.success) {
    if (response.status === 429) throw new LeftOut('something in front of the backend answers 429: too many requests');
    return;
  }
  const { code, retryIn } = readProblem(response, text);
  if (response.status === 429) throw new LeftOut(`the limits answer ${code}; they open in ${retryIn} s`);
  if (ofNobody.has(response)) throw new LeftOut('the backend answers unauthenticated before it looks at the rest');
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

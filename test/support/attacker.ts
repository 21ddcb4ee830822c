/** Sends requests to a stack as somebody with an address and perhaps a session, for the attack tests. Asserts nothing. */
import type { Challenge, CheckResult, DeliveryResult, Problem } from '../../src/server/index.js';
import { ENDPOINT, ORIGIN, type Reply, type Stack } from './backend-stack.js';

/** Who sends the requests, and the headers that their browser or program adds. */
export interface Requester {
  /** `ada`, or `ada+2` after two-factor; null without a session. */
  user?: string | null;
  /** The peer of the connection. */
  address?: string;
  /** Null removes a header. */
  headers?: Record<string, string | null>;
}

/** The five routes, as that requester. */
export interface Actor {
  contact(body: object): Promise<Reply<Challenge>>;
  twoFactor(body?: object): Promise<Reply<Challenge & { required?: false }>>;
  resend(body: object): Promise<Reply<Challenge>>;
  delivery(challenge: string): Promise<Reply<DeliveryResult>>;
  check(challenge: string, code: unknown, key?: string): Promise<Reply<CheckResult>>;
  post<T = object>(path: string, body: unknown, headers?: Record<string, string | null>): Promise<Reply<T>>;
}

/** Sends requests as that requester. Every response also goes to `stack.said`. */
export function actor(stack: Stack, { user = null, address = '198.51.100.7', headers = {} }: Requester = {}): Actor {
  async function post<T>(path: string, body: unknown, more: Record<string, string | null> = {}): Promise<Reply<T>> {
    const all = {
      'content-type': 'application/json',
      'sec-fetch-site': 'same-origin',
      origin: ORIGIN,
      ...(user === null ? {} : { cookie: `session=${user}` }),
      ...headers,
      ...more,
    };
    const given = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== null);
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const request = new Request(`${ENDPOINT}/${path}`, { method: 'POST', headers: given, body: text });
    const response = await stack.handler(request, { address });
    const said = await response.clone().text();
    stack.said.push(`${response.status} ${JSON.stringify([...response.headers])} ${said}`);
    const answer = JSON.parse(said) as T & Partial<Problem>;
    return { status: response.status, body: answer, problem: answer.code ?? null, response };
  }
  return {
    post,
    contact: (body) => post('contact', body),
    twoFactor: (body = {}) => post('two-factor', body),
    resend: (body) => post('resend', body),
    delivery: (challenge) => post('delivery', { challenge }),
    check: (challenge, code, key = crypto.randomUUID()) =>
      post('check', { challenge, code }, { 'idempotency-key': key }),
  };
}

/** The n-th of many addresses in different networks. */
export function addressOf(n: number): string {
  return `${11 + (n % 89)}.${(n * 7) % 256}.${(n >> 8) % 256}.${n % 256}`;
}

/** The checks that reached Twilio, of all contacts or of one. */
export function checksAtTwilio(stack: Stack, to?: string) {
  return stack.emulator.calls.filter(
    ({ path, to: about }) => path.endsWith('/VerificationCheck') && (to === undefined || about === to),
  );
}

/** How many messages Twilio was to send. */
export function sends(stack: Stack): number {
  return stack.calls().filter((call) => call === 'POST /Verifications').length;
}

/** The maximum number of these times (ms) within any 24 hours. */
export function mostInADay(moments: readonly number[]): number {
  const within = (from: number) => moments.filter((at) => at >= from && at < from + 86_400_000).length;
  return Math.max(0, ...moments.map(within));
}

/** How often each value occurs. */
export function tally(values: readonly (string | number | null)[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const value of values) counts[String(value)] = (counts[String(value)] ?? 0) + 1;
  return counts;
}

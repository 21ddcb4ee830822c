/** Somebody with an address and perhaps a session, in front of a stack: what the attack tests act through. No assertion, no attack of its own. */
import type { Challenge, CheckResult, Problem } from '../../src/server/index.js';
import { ENDPOINT, ORIGIN, type Reply, type Stack } from './backend-stack.js';

/** Who it is, and what their browser or program adds. */
export interface Who {
  /** `ada`, or `ada+2` after two-factor; null for nobody. */
  user?: string | null;
  /** The peer of the connection. */
  address?: string;
  /** Null takes a header away. */
  headers?: Record<string, string | null>;
}

/** The four routes, as that somebody. */
export interface Actor {
  contact(body: object): Promise<Reply<Challenge>>;
  twoFactor(body?: object): Promise<Reply<Challenge & { required?: false }>>;
  resend(body: object): Promise<Reply<Challenge>>;
  check(challenge: string, code: unknown, key?: string): Promise<Reply<CheckResult>>;
  post<T = object>(path: string, body: unknown, headers?: Record<string, string | null>): Promise<Reply<T>>;
}

/** Puts somebody before the stack; all that is answered also goes to `stack.said`. */
export function actor(stack: Stack, { user = null, address = '198.51.100.7', headers = {} }: Who = {}): Actor {
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
    check: (challenge, code, key = crypto.randomUUID()) =>
      post('check', { challenge, code }, { 'idempotency-key': key }),
  };
}

/** The n-th of many addresses that have nothing in common. */
export function addressOf(n: number): string {
  return `${11 + (n % 89)}.${(n * 7) % 256}.${(n >> 8) % 256}.${n % 256}`;
}

/** Checks that reached Twilio, and those of one contact only. */
export function heard(stack: Stack, to?: string) {
  return stack.emulator.calls.filter(
    ({ path, to: about }) => path.endsWith('/VerificationCheck') && (to === undefined || about === to),
  );
}

/** Messages that Twilio was asked for. */
export function sends(stack: Stack): number {
  return stack.calls().filter((call) => call === 'POST /Verifications').length;
}

/** The most of these moments (ms) that fall into any 24 hours. */
export function mostInADay(moments: readonly number[]): number {
  const within = (from: number) => moments.filter((at) => at >= from && at < from + 86_400_000).length;
  return Math.max(0, ...moments.map(within));
}

/** How many times each text occurs. */
export function tally(texts: readonly (string | number | null)[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const text of texts) counts[String(text)] = (counts[String(text)] ?? 0) + 1;
  return counts;
}

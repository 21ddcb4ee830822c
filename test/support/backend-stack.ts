/** The whole stack in one process: backend, the `twilio` package and the emulator behind it, on one clock. No ports, no mocks. */
import { createEmulator, type Emulator, type EmulatorOptions } from '../../src/emulator/index.js';
import {
  createHandler,
  generateKeys,
  memoryAccounts,
  memoryStore,
  verifyProof,
  type AccountStore,
  type BackendEvent,
  type CheckResult,
  type Challenge,
  type Handler,
  type Identity,
  type Keys,
  type Problem,
  type Proof,
  type VerifyProofOptions,
  type Store,
  type TwilioOptions,
} from '../../src/server/index.js';
import type { InternalOptions } from '../../src/server/internals.js';
import { expectListedProblem } from './listed-problems.js';

/** Where the page and its backend are. */
export const ORIGIN = 'https://shop.example';
export const ENDPOINT = `${ORIGIN}/verify`;
export const AUDIENCE = ORIGIN;
/** A mobile number that the metadata knows as valid. */
export const PHONE = '+14155552671';
export const OTHER_PHONE = '+447400123456';
export const EMAIL = 'ada@example.com';

/** Anything of the handler's, plus what differs in tests. */
export interface StackOptions extends Omit<Partial<InternalOptions>, 'twilio'> {
  twilio?: Partial<TwilioOptions>;
  emulator?: EmulatorOptions;
  /** Another emulator: for several instances of the backend before one Twilio. */
  sharing?: Stack;
}

const service = (n: number): string => `VA${String(n).repeat(32)}`;

/** A third Verify service, for codes of eight digits. */
export const withLongCodes: Pick<StackOptions, 'twilio' | 'emulator'> = {
  emulator: { services: [{ sid: service(1) }, { sid: service(2) }, { sid: service(3), codeLength: 8 }] },
  twilio: { longCodeService: service(3) },
};

/** One backend with everything around it in reach. */
export interface Stack {
  handler: Handler;
  emulator: Emulator;
  /** One clock for the backend and the emulator. */
  clock: { now(): number; advance(seconds: number): void };
  keys: Keys;
  accounts: AccountStore;
  store: Store;
  /** What `onEvent` was told. */
  events: BackendEvent[];
  /** All that left the backend in responses, headers included, for leak scans. */
  said: string[];
  /** Who the default `identify` says is asking: the cookie `session=ada` or `Authorization: Bearer ada` is the user `ada`, `ada+2` one who has passed two-factor. */
  identify(request: Request): Identity | null;
  /** A POST as a page of our own origin sends it; headers add to it or (null) take away. */
  post(path: string, body: unknown, headers?: Record<string, string | null>): Promise<Response>;
  /** `post`, as that user. */
  as(user: string | null): {
    contact(body: object): Promise<Reply<Challenge>>;
    twoFactor(body?: object): Promise<Reply<Challenge & { required?: false }>>;
    resend(body: object): Promise<Reply<Challenge>>;
    check(challenge: string, code: unknown, key?: string): Promise<Reply<CheckResult>>;
  };
  get(path: string): Promise<Response>;
  /** For the flow's client: what a browser on that page would do, with the user's cookie. */
  fetch(user?: string | null, page?: string): (url: string, init?: RequestInit) => Promise<Response>;
  /** The code in the latest message to that contact. */
  code(to: string): string;
  /** A well-formed code that is not the one. */
  wrongCode(to: string): string;
  /** Calls that the emulator has seen, as `POST /VerificationCheck`. */
  calls(path?: string): string[];
  verify(proof: string, expected?: Partial<VerifyProofOptions>): Promise<Proof>;
}

/** A status with its parsed body; `problem` is its code, or null on success. */
export interface Reply<T> {
  status: number;
  body: T & Partial<Problem>;
  problem: string | null;
  response: Response;
}

/** Puts the stack together. Anonymous verification is on, and all channels, unless the options say otherwise. */
export async function createStack({
  twilio,
  emulator: emulated,
  sharing,
  ...options
}: StackOptions = {}): Promise<Stack> {
  let time = Date.parse('2026-03-01T12:00:00Z');
  const clock = sharing?.clock ?? { now: () => time, advance: (seconds: number) => void (time += seconds * 1000) };
  const emulator = sharing?.emulator ?? createEmulator({ now: clock.now, ...emulated });
  const keys = options.keys ?? sharing?.keys ?? (await generateKeys());
  const accounts = (options.accounts as AccountStore | undefined) ?? sharing?.accounts ?? memoryAccounts();
  const store = options.store ?? memoryStore();
  const events: BackendEvent[] = [];
  const said: string[] = [];
  const identify = (request: Request): Identity | null => {
    const cookie = /\bsession=([^;]+)/.exec(request.headers.get('cookie') ?? '')?.[1];
    const user = cookie ?? /^Bearer (.+)$/.exec(request.headers.get('authorization') ?? '')?.[1];
    return user === undefined ? null : { id: user.replace('+2', ''), secondFactor: user.endsWith('+2') };
  };
  const handlerOptions: InternalOptions = {
    anonymous: true,
    channels: ['sms', 'call', 'whatsapp', 'email'],
    audience: AUDIENCE,
    identify,
    onEvent: (event) => void events.push(event),
    // Turns of the event loop, since the clock stands still.
    wait: () => new Promise((resolve) => setTimeout(resolve, 1)),
    now: clock.now,
    ...options,
    keys,
    accounts,
    store,
    twilio: {
      accountSid: emulator.credentials.accountSid,
      apiKey: emulator.credentials.apiKey,
      apiSecret: emulator.credentials.apiSecret,
      contactService: emulator.services.contact,
      twoFactorService: emulator.services.twoFactor,
      transport: (request) => emulator.fetch(request),
      ...twilio,
    },
  };
  const handler = expectListedProblem(createHandler(handlerOptions));
  await handler.ready();

  const send = async (request: Request): Promise<Response> => {
    const response = await handler(request, { address: '198.51.100.7' });
    said.push(`${response.status} ${JSON.stringify([...response.headers])} ${await response.clone().text()}`);
    return response;
  };
  const post: Stack['post'] = (path, body, headers = {}) => {
    const all = { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin', origin: ORIGIN, ...headers };
    const given = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== null);
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    return send(new Request(`${ENDPOINT}/${path}`, { method: 'POST', headers: given, body: text }));
  };
  const reply = async <T>(response: Response): Promise<Reply<T>> => {
    const body = (await response.clone().json()) as T & Partial<Problem>;
    return { status: response.status, body, problem: body.code ?? null, response };
  };
  const calls = (path = ''): string[] =>
    emulator.calls
      .filter((call) => call.path.includes(path))
      .map((call) => `${call.method} ${call.path.replace(/^\/v2(\/Services\/VA\w+)?/, '')}`);
  const code = (to: string): string => {
    const message = emulator.outbox.latest(to);
    if (!message) throw new Error(`No message went to ${to}.`);
    return message.code;
  };

  return {
    handler,
    emulator,
    clock,
    keys,
    accounts,
    store,
    events,
    said,
    identify,
    post,
    calls,
    code,
    wrongCode(to) {
      const { length } = code(to);
      return String((Number(code(to)) + 1) % 10 ** length).padStart(length, '0');
    },
    get: (path) => send(new Request(`${ENDPOINT}/${path}`)),
    as(user) {
      const cookie: Record<string, string> = user === null ? {} : { cookie: `session=${user}` };
      const ask = async <T>(path: string, body: object, headers = {}) =>
        reply<T>(await post(path, body, { ...cookie, ...headers }));
      return {
        contact: (body) => ask('contact', body),
        twoFactor: (body = {}) => ask('two-factor', body),
        resend: (body) => ask('resend', body),
        check: (challenge, entered, key = crypto.randomUUID()) =>
          ask('check', { challenge, code: entered }, { 'idempotency-key': key }),
      };
    },
    fetch(user = null, page = ORIGIN) {
      return (url, init = {}) => {
        const request = new Request(new URL(url, `${page}/`), init);
        const own = new URL(request.url).origin === page;
        request.headers.set('sec-fetch-site', own ? 'same-origin' : 'cross-site');
        request.headers.set('origin', page);
        if (user !== null) request.headers.set('cookie', `session=${user}`);
        request.signal.throwIfAborted();
        // A browser drops the answer of a request that was given up; the backend goes on.
        return new Promise((resolve, reject) => {
          request.signal.addEventListener('abort', () => reject(request.signal.reason as Error), { once: true });
          send(request).then(resolve, reject);
        });
      };
    },
    async verify(proof, expected = {}) {
      const jwks = (await (await handler(new Request(`${ENDPOINT}/jwks.json`))).json()) as Exclude<
        VerifyProofOptions['jwks'],
        string
      >;
      return verifyProof(proof, {
        jwks,
        audience: AUDIENCE,
        purpose: 'contact',
        subject: null,
        now: clock.now,
        ...expected,
      });
    },
  };
}

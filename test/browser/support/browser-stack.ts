/** The page's side of a stack for one browser test. The other side is test/support/browser-stack.ts, in the runner's server. */
import type { Fault, OutboxMessage } from '../../../src/emulator/index.js';
import type { Channel } from '../../../src/protocol/schemas.js';

/** The settings of the host's server. All are optional. */
export interface StackOptions {
  /** The id of the signed-in user. Default: nobody is signed in. */
  user?: string;
  /** Whether people who are not signed in may verify a contact. Default true. */
  anonymous?: boolean;
  /** The user's verified contacts: E.164, and an address. */
  verified?: { phone?: string; email?: string };
  /** The application's policy. Default `{required: 'by-account', email: false}`, as the backend's. */
  twoFactor?: { required?: 'always' | 'by-account' | 'never'; email?: boolean };
  /** Whether this user's account requires two-factor. Default false. */
  twoFactorRequired?: boolean;
  /** Whether this session has passed two-factor. Default false. */
  secondFactor?: boolean;
  /** The channels of the backend. Default `['sms', 'email']`, as the backend's. */
  channels?: Channel[];
  /** The lifetime of a contact proof in seconds. */
  contactProofLifetime?: number;
}

/** A response in place of the backend's. */
export interface CannedResponse {
  status?: number;
  headers?: Record<string, string>;
  body?: string;
  /** A body that goes on forever, as fast as it is read. */
  endless?: boolean;
}

/** The controls of a stack, for the test. */
export interface Stack {
  /** For the element's attribute: a path of the page's own origin. */
  readonly endpoint: string;
  /** The newest code that was delivered there; rejects if there is none. */
  latestCode(to: string): Promise<string>;
  /** The delivered messages, newest first. */
  outbox(): Promise<OutboxMessage[]>;
  /** Calls to Twilio so far, as `POST /v2/Services/VA…/Verifications`. */
  calls(): Promise<string[]>;
  /** Requests to the backend so far, as `POST /contact`. */
  requests(): Promise<string[]>;
  /** Advances the clock of backend and Twilio, which otherwise stands still. Does not affect the page's own clock. */
  advance(seconds: number): Promise<void>;
  /** Causes a fault between backend and Twilio. */
  fault(fault: Omit<Fault, 'path'> & { path?: string }): Promise<void>;
  /** Cuts and restores the page's connection to the backend. */
  network(state: 'up' | 'down'): Promise<void>;
  /** Delays the backend's responses from now on, after each request was processed. The returned function releases them. */
  hold(): Promise<() => Promise<void>>;
  /** Answers every request with this response from now on, instead of the backend; with null, the backend answers again. */
  respondWith(response: CannedResponse | null): Promise<void>;
  /** Changes the signed-in user. */
  become(who: Pick<StackOptions, 'user' | 'secondFactor'>): Promise<void>;
}

/** Opens a stack that no other test shares. */
export async function openStack(options: StackOptions = {}): Promise<Stack> {
  const { id } = (await post('/__stack', options)) as { id: string };
  const ask = (what: string, how: object = {}) => post(`/__stack/${id}/control`, { ...how, what });
  return {
    endpoint: `/__stack/${id}/verify`,
    latestCode: async (to) => (await ask('latestCode', { to })) as string,
    outbox: async () => (await ask('outbox')) as OutboxMessage[],
    calls: async () => (await ask('calls')) as string[],
    requests: async () => (await ask('requests')) as string[],
    advance: async (seconds) => void (await ask('advance', { seconds })),
    fault: async (fault) => void (await ask('fault', { fault })),
    network: async (state) => void (await ask('network', { state })),
    hold: async () => {
      await ask('hold');
      return async () => void (await ask('release'));
    },
    respondWith: async (response) => void (await ask('respondWith', { response })),
    become: async (who) => void (await ask('become', { who })),
  };
}

async function post(path: string, body: object): Promise<unknown> {
  const response = await fetch(path, { method: 'POST', body: JSON.stringify(body) });
  const text = await response.text();
  if (!response.ok) throw new Error(text);
  return text === '' ? undefined : JSON.parse(text);
}

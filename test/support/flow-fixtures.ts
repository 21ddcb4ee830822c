/** Fixtures for the tests of the flow: a fake clock, storage in memory, a client whose responses the test controls, and a host that records changes of step. */
import type { Challenge, CheckResult } from '../../src/protocol/schemas.js';
import type { Result, Client } from '../../src/flow/http-client.js';
import { FlowController } from '../../src/flow/flow-controller.js';
import type { Clock, FlowHost, FlowOptions } from '../../src/flow/options.js';
import type { ContactInput, Step, FlowProblem } from '../../src/flow/state-machine.js';

/** A clock that only `advance` moves. Timers run in order, each at its own time. */
export class FakeClock implements Clock {
  #now: number;
  readonly #timers = new Map<object, { at: number; run: () => void }>();

  constructor(now = Date.UTC(2026, 0, 1)) {
    this.#now = now;
  }

  /** The number of timers that are set. */
  get pending(): number {
    return this.#timers.size;
  }

  now(): number {
    return this.#now;
  }

  setTimeout(run: () => void, milliseconds: number): object {
    const timer = {};
    this.#timers.set(timer, { at: this.#now + milliseconds, run });
    return timer;
  }

  clearTimeout(timer: unknown): void {
    this.#timers.delete(timer as object);
  }

  advance(seconds: number): void {
    const end = this.#now + seconds * 1000;
    for (;;) {
      const [first] = [...this.#timers].filter(([, { at }]) => at <= end).sort(([, a], [, b]) => a.at - b.at);
      if (!first) break;
      this.#timers.delete(first[0]);
      this.#now = Math.max(this.#now, first[1].at);
      first[1].run();
    }
    this.#now = end;
  }

  /** Changes the time without running timers, as sleep does, or a person who sets the clock. */
  jump(seconds: number): void {
    this.#now += seconds * 1000;
  }
}

export function memoryStorage(): Storage {
  const items = new Map<string, string>();
  return {
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => void items.set(key, value),
    removeItem: (key) => void items.delete(key),
    clear: () => items.clear(),
    key: (index) => [...items.keys()][index] ?? null,
    get length() {
      return items.size;
    },
  };
}

/** A request without a response. */
export interface PendingRequest {
  readonly path: 'contact' | 'two-factor' | 'resend' | 'check' | 'proof';
  readonly body: object;
  readonly key?: string;
  readonly signal: AbortSignal;
  /** Resolves when the page has handled the response. */
  respond(value: object): Promise<void>;
  fail(problem: FlowProblem): Promise<void>;
}

/** Keeps requests pending until the test responds to them, in any order. */
export class DeferredClient implements Client {
  readonly calls: PendingRequest[] = [];

  get last(): PendingRequest {
    const call = this.calls.at(-1);
    if (!call) throw new Error('There was no request.');
    return call;
  }

  readonly contact: Client['contact'] = (body, signal) => this.#defer('contact', body, signal);
  readonly twoFactor: Client['twoFactor'] = (body, signal) => this.#defer('two-factor', body, signal);
  readonly resend: Client['resend'] = (body, signal) => this.#defer('resend', body, signal);
  readonly check: Client['check'] = (body, key, signal) => this.#defer('check', body, signal, key);
  readonly proof: Client['proof'] = (body, signal) => this.#defer('proof', body, signal);

  #defer<T>(path: PendingRequest['path'], body: object, signal: AbortSignal, key?: string): Promise<Result<T>> {
    return new Promise((resolve) => {
      const settle = async (result: Result<T>) => {
        resolve(result);
        await settled();
      };
      this.calls.push({
        path,
        body,
        signal,
        ...(key !== undefined && { key }),
        respond: (value) => settle({ ok: true, value: value as T }),
        fail: (problem) => settle({ ok: false, problem }),
      });
    });
  }
}

/** Waits until the handlers of all settled promises have run. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

export const entryA: ContactInput = { type: 'phone', text: '415 555 2671', country: 'US' };
export const entryB: ContactInput = { type: 'phone', text: '415 555 2672', country: 'US' };

/** A challenge to the first of the `methods`, by SMS. */
export function challenge(more: Partial<Challenge> = {}): Challenge {
  return {
    challenge: 'sealed-A',
    purpose: 'contact',
    to: '+1 415 555 2671',
    channel: 'sms',
    methods: [
      { channel: 'sms', to: '+1 415 555 2671' },
      { channel: 'call', to: '+1 415 555 2671' },
    ],
    codeLength: 6,
    expiresIn: 600,
    resendIn: 30,
    ...more,
  };
}

/** The challenges of one user with a phone and an e-mail address. */
export const byPhone = challenge({
  challenge: 'sealed-phone',
  purpose: 'two-factor',
  to: '•••• 71',
  methods: [
    { channel: 'sms', to: '•••• 71' },
    { channel: 'email', to: 'a•••@e•••' },
  ],
});
export const byEmail: Challenge = { ...byPhone, challenge: 'sealed-email', to: 'a•••@e•••', channel: 'email' };

export const result: CheckResult = {
  proof: 'header.payload.signature',
  expiresIn: 1800,
  purpose: 'contact',
  contact: { type: 'phone', value: '+14155552671' },
};

/** A flow in which the test controls everything. Flows with the same `storage` are one element before and after a reload. */
export function openFlow(options: Partial<FlowOptions> = {}, clock = new FakeClock(), storage = memoryStorage()) {
  const client = new DeferredClient();
  const changes: string[] = [];
  const host = {
    updates: 0,
    requestUpdate: () => void host.updates++,
    addController: () => undefined,
    stepChanged: (step: Step, previous: Step) => void changes.push(`${previous.name} → ${step.name}${problemOf(step)}`),
  } satisfies FlowHost & { updates: number };
  const counts = { options: 0 };
  const flow = new FlowController(
    host,
    () => {
      counts.options++;
      return { purpose: 'contact', client, storageKey: 'verify-contact /verify', ...options };
    },
    { clock, storage: () => storage },
  );
  flow.hostConnected();
  return { flow, client, clock, storage, host, changes, counts };
}

/** A step in one string: its name, and the problem shown if there is one. */
export function shown({ step }: FlowController): string {
  return step.name + problemOf(step);
}

function problemOf(step: Step): string {
  return 'problem' in step && step.problem ? `: ${step.problem.code}` : '';
}

/** A contact flow whose first code has been sent to A. */
export async function atCode(opened = openFlow()) {
  opened.flow.start();
  opened.flow.send(entryA);
  await opened.client.last.respond(challenge());
  return opened;
}

/** A two-factor flow, not started. */
export function openTwoFactor(clock?: FakeClock, storage = memoryStorage()) {
  return openFlow({ purpose: 'two-factor', storageKey: 'two-factor /verify' }, clock, storage);
}

/** A two-factor flow whose code has been sent to the phone. */
export async function atTwoFactorCode(opened = openTwoFactor()) {
  opened.flow.start();
  await opened.client.last.respond(byPhone);
  return opened;
}

/** What the tests of the flow plug in: a clock to turn, storage in memory, a client that answers when told to, and a host that notes what it hears. */
import type { Challenge, CheckResult } from '../../src/protocol/schemas.js';
import type { Result, Client } from '../../src/flow/http-client.js';
import { FlowController } from '../../src/flow/flow-controller.js';
import type { Clock, FlowHost, FlowOptions } from '../../src/flow/options.js';
import type { ContactInput, Step, FlowProblem } from '../../src/flow/state-machine.js';

/** Time that stands still until `advance`; timers run in their order, each at its own time. */
export class FakeClock implements Clock {
  #now: number;
  readonly #timers = new Map<object, { at: number; run: () => void }>();

  constructor(now = Date.UTC(2026, 0, 1)) {
    this.#now = now;
  }

  /** How many timers wait. */
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

  /** What sleep, or a person with the settings, does: time is another, and no timer has run. */
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

/** A request under way. */
export interface Call {
  readonly path: 'contact' | 'two-factor' | 'resend' | 'check';
  readonly body: object;
  readonly key?: string;
  readonly signal: AbortSignal;
  /** Resolves when the page has taken the answer in. */
  answer(value: object): Promise<void>;
  refuse(problem: FlowProblem): Promise<void>;
}

/** Requests wait here until the test answers them, in any order. */
export class HeldClient implements Client {
  readonly calls: Call[] = [];

  get last(): Call {
    const call = this.calls.at(-1);
    if (!call) throw new Error('Nothing was asked for.');
    return call;
  }

  readonly contact: Client['contact'] = (body, signal) => this.#hold('contact', body, signal);
  readonly twoFactor: Client['twoFactor'] = (body, signal) => this.#hold('two-factor', body, signal);
  readonly resend: Client['resend'] = (body, signal) => this.#hold('resend', body, signal);
  readonly check: Client['check'] = (body, key, signal) => this.#hold('check', body, signal, key);

  #hold<T>(path: Call['path'], body: object, signal: AbortSignal, key?: string): Promise<Result<T>> {
    return new Promise((resolve) => {
      const settle = async (answer: Result<T>) => {
        resolve(answer);
        await settled();
      };
      this.calls.push({
        path,
        body,
        signal,
        ...(key !== undefined && { key }),
        answer: (value) => settle({ ok: true, value: value as T }),
        refuse: (problem) => settle({ ok: false, problem }),
      });
    });
  }
}

/** Lets every promise that is settled already be heard of. */
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

/** A flow with everything in a test's hands. Flows with the same `storage` are the same element before and after a reload. */
export function openFlow(options: Partial<FlowOptions> = {}, clock = new FakeClock(), storage = memoryStorage()) {
  const client = new HeldClient();
  const heard: string[] = [];
  const host = {
    updates: 0,
    requestUpdate: () => void host.updates++,
    addController: () => undefined,
    stepChanged: (step: Step, before: Step) => void heard.push(`${before.name} → ${step.name}${problemOf(step)}`),
  } satisfies FlowHost & { updates: number };
  const flow = new FlowController(host, () => ({
    purpose: 'contact',
    client,
    storageKey: 'verify-contact /verify',
    storage: () => storage,
    clock,
    ...options,
  }));
  flow.hostConnected();
  return { flow, client, clock, storage, host, heard };
}

/** A step as a test says it: its name, and the problem shown if there is one. */
export function shown({ step }: FlowController): string {
  return step.name + problemOf(step);
}

function problemOf(step: Step): string {
  return 'problem' in step && step.problem ? `: ${step.problem.code}` : '';
}

/** A contact flow whose first code has been sent to A. */
export async function atCode(parts = openFlow()) {
  parts.flow.start();
  parts.flow.send(entryA);
  await parts.client.last.answer(challenge());
  return parts;
}

/** A two-factor flow, not started. */
export function openTwoFactor(clock?: FakeClock, storage = memoryStorage()) {
  return openFlow({ purpose: 'two-factor', storageKey: 'two-factor /verify' }, clock, storage);
}

/** A two-factor flow whose code has been sent to the phone. */
export async function atTwoFactorCode(parts = openTwoFactor()) {
  parts.flow.start();
  await parts.client.last.answer(byPhone);
  return parts;
}

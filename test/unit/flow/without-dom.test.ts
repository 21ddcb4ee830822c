/** `verify-contact/client` where there is no page: in an engine with the web's fetch, and in one with React Native's globals only. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type * as ClientEntry from '../../../src/flow/index.js';
import { BareEngine, flowFiles } from '../../support/bare-engine.js';
import { createStack, ENDPOINT, PHONE, type Stack } from '../../support/backend-stack.js';

/** A request as an app sends it: no origin, no cookies, no fetch metadata. */
type Send = (url: string, init: RequestInit) => Promise<Response>;

/** Timers that are counted: none may be left when a screen is closed. */
class Timers {
  readonly running = new Set<unknown>();
  readonly setTimeout = (run: () => void, milliseconds: number) => {
    const timer = setTimeout(() => (this.running.delete(timer), run()), milliseconds);
    this.running.add(timer);
    return timer;
  };
  readonly clearTimeout = (timer: ReturnType<typeof setTimeout>) => {
    this.running.delete(timer);
    clearTimeout(timer);
  };
}

/** A signal as the package abort-controller 3 makes it, which React Native has: without `any`, `timeout` and `throwIfAborted`. */
class OldSignal {
  aborted = false;
  readonly #listeners = new Set<() => void>();
  addEventListener = (_type: string, listener: () => void) => void this.#listeners.add(listener);
  removeEventListener = (_type: string, listener: () => void) => void this.#listeners.delete(listener);
  abort() {
    this.aborted = true;
    for (const listener of this.#listeners) listener();
  }
}
class OldController {
  readonly signal = new OldSignal();
  abort = () => this.signal.abort();
}

/** React Native's fetch: the response has a text and no stream. */
const oldFetch =
  (send: Send) =>
  async (url: string, { signal, ...init }: Omit<RequestInit, 'signal'> & { signal: OldSignal }) => {
    const aborted = new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => reject(new Error('Aborted')));
    });
    const response = await Promise.race([send(url, init), aborted]);
    return { ok: response.ok, status: response.status, text: () => response.text() };
  };

/** The globals of each engine, besides the language's own, and the client to take there. */
const engines = {
  'the web’s fetch': {
    globals: (send: Send) => ({ fetch: send, AbortController, AbortSignal, TextDecoder }),
    client: (engine: BareEngine, getToken: () => string) =>
      (engine.load('src/flow/index.ts') as typeof ClientEntry).httpClient({ endpoint: ENDPOINT, getToken }),
  },
  'React Native’s fetch': {
    globals: (send: Send) => ({ fetch: oldFetch(send), AbortController: OldController }),
    client: (engine: BareEngine, getToken: () => string) => {
      const { nativeClient } = engine.load('examples/mobile/native-client.js') as {
        nativeClient(options: object): ClientEntry.Client;
      };
      return nativeClient({ endpoint: ENDPOINT, getToken });
    },
  },
};
/** Both have these as well. */
const shared = ['crypto.getRandomValues', 'queueMicrotask', 'setTimeout', 'clearTimeout'];

describe.each(Object.entries(engines))('in an engine without a page, with %s', (_name, { globals, client }) => {
  /** A screen of an app: the flow in the engine, the backend of a stack behind it. */
  async function open(purpose: 'contact' | 'two-factor', send?: Send) {
    const stack: Stack = await createStack({
      ...{ now: Date.now, emulator: { now: Date.now }, twoFactor: { required: 'always' }, anonymous: false },
    });
    await stack.accounts.contactVerified('ada', { type: 'phone', value: PHONE });
    const answer: Send = (url, init) => stack.handler(new Request(url, init), { address: '198.51.100.7' });
    const timers = new Timers();
    const engine = new BareEngine({
      ...globals(send ?? answer),
      ...{
        crypto: { getRandomValues: (bytes: Uint8Array<ArrayBuffer>) => crypto.getRandomValues(bytes) },
        queueMicrotask,
      },
      ...{ setTimeout: timers.setTimeout, clearTimeout: timers.clearTimeout },
    });
    const { FlowController } = engine.load('src/flow/index.ts') as typeof ClientEntry;
    const options = {
      purpose,
      client: client(engine, () => (purpose === 'contact' ? 'ada+2' : 'ada')),
      storageKey: 'one',
    };
    const flow = new FlowController({ requestUpdate: () => undefined }, () => options);
    flow.start();
    const step = (name: string) => expect.poll(() => flow.step.name).toBe(name);
    return { stack, timers, engine, flow, step };
  }

  it('nothing of a page is there, and every file of the client runs', async () => {
    const { engine, flow } = await open('contact');
    const names = ['window', 'document', 'self', 'navigator', 'sessionStorage', 'Event', 'HTMLElement'];
    expect(engine.evaluate(`[${names.map((name) => `typeof ${name}`).join()}].join()`)).toBe(
      names.map(() => 'undefined').join(),
    );
    expect(engine.files.filter((file) => file.startsWith('src/flow/')).sort()).toEqual(
      flowFiles.filter((file) => file !== 'src/flow/options.ts').sort(),
    );
    flow.hostDisconnected();
  });

  it('a person verifies a number, after a wrong code, and the proof is theirs', async () => {
    const { stack, timers, flow, step } = await open('contact');
    flow.send({ type: 'phone', text: '07400 123456', country: 'GB' });
    await step('code');
    flow.submit(stack.wrongCode('+447400123456'));
    await expect.poll(() => 'problem' in flow.step && flow.step.problem?.code).toBe('wrong-code');
    flow.submit(stack.code('+447400123456'));
    await step('verified');
    const { proof } = (flow.step as ClientEntry.Verified).result;
    const { contact } = await stack.verify(proof, { subject: 'ada', now: Date.now });
    expect(contact?.value).toBe('+447400123456');
    flow.hostDisconnected();
    expect(timers.running.size).toBe(0);
  });

  it('a signed-in person passes the second factor', async () => {
    const { stack, flow, step } = await open('two-factor');
    await step('code');
    flow.submit(stack.code(PHONE));
    await step('verified');
    const { proof } = (flow.step as ClientEntry.Verified).result;
    expect(await stack.verify(proof, { purpose: 'two-factor', subject: 'ada', now: Date.now })).toMatchObject({
      sub: 'ada',
    });
    flow.hostDisconnected();
  });

  it('a lost connection is a problem that a person can act on, and no timer is left', async () => {
    const { timers, flow } = await open('contact', () => Promise.reject(new TypeError('Network request failed')));
    flow.send({ type: 'phone', text: '07400 123456', country: 'GB' });
    await expect.poll(() => 'problem' in flow.step && flow.step.problem?.code).toBe('unreachable');
    flow.hostDisconnected();
    expect(timers.running.size).toBe(0);
  });

  it('a screen that is closed aborts its request', async () => {
    const { timers, flow, step } = await open('contact', () => new Promise(() => undefined));
    flow.send({ type: 'phone', text: '07400 123456', country: 'GB' });
    await step('sending');
    flow.hostDisconnected();
    await expect.poll(() => timers.running.size).toBe(0);
    flow.hostConnected();
    expect(flow.step.name).toBe('contact');
  });
});

it('the guide names every global that the client needs', () => {
  const guide = readFileSync('docs/mobile.md', 'utf8');
  const own = Object.values(engines).flatMap(({ globals }) => Object.keys(globals(() => Promise.reject(new Error()))));
  for (const name of new Set([...shared, ...own])) expect(guide).toContain(`\`${name}`);
});

/** Calls that take long: Twilio acts on them at once, whoever has gone meanwhile, and an old one does not reach a state that is new. */
import { expect, it } from 'vitest';
import { createEmulator, type EmulatorOptions, type Fault } from '../../../src/emulator/index.js';
import { errorOf, functionClient } from '../../support/emulator-client.js';

const to = '+447400123456';

/** An emulator whose delays end when the test says so. */
function open(options: EmulatorOptions = {}) {
  const waiting: (() => void)[] = [];
  const wait = (_: number, signal: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      waiting.push(resolve);
      signal.addEventListener('abort', () => reject(new Error('gone')));
    });
  const emulator = createEmulator({ wait, ...options });
  const { verifications } = functionClient(emulator).verify.v2.services(emulator.services.contact);
  const send = () => verifications.create({ to, channel: 'sms' });
  /** A person's application sends a code and gives up while the response is on its way. */
  const sendAndLeave = async () => {
    const leaving = new AbortController();
    const leave = (request: Request) => emulator.fetch(new Request(request, { signal: leaving.signal }));
    const left = functionClient(emulator, leave)
      .verify.v2.services(emulator.services.contact)
      .verifications.create({ to, channel: 'sms' });
    const error = errorOf(left);
    await expect.poll(() => waiting.length).toBe(1);
    leaving.abort();
    await error;
  };
  return { emulator, send, sendAndLeave, endDelays: () => waiting.splice(0).forEach((end) => end()) };
}

it.each<[string, Fault]>([
  ['a delay', { delayMs: 30_000 }],
  ['a delay that acts', { delayMs: 30_000, acts: true }],
  ['a connection that breaks later', { delayMs: 30_000, kind: 'reset-after' }],
  ['an error after Twilio acted', { delayMs: 30_000, code: 20503, acts: true }],
  ['half of a response', { delayMs: 30_000, kind: 'broken-json' }],
])('with %s, the code is sent although the client gives up', async (_, fault) => {
  const { emulator, sendAndLeave } = open();
  emulator.faults.add(fault);
  await sendAndLeave();
  expect(emulator.outbox.list()).toMatchObject([{ to }]);
});

it.each<[string, Fault]>([
  ['a delay that does not act', { delayMs: 30_000, acts: false }],
  ['a connection that breaks before', { delayMs: 30_000, kind: 'reset-before' }],
  ['an error', { delayMs: 30_000, code: 20503 }],
])('with %s, no code is sent', async (_, fault) => {
  const { emulator, sendAndLeave } = open();
  emulator.faults.add(fault);
  await sendAndLeave();
  expect(emulator.outbox.list()).toEqual([]);
});

it('a call from before a reset sends nothing into the new state, and ends no send of it', async () => {
  const { emulator, send, endDelays } = open({ assume: { concurrentSends: 'refuse' } });
  emulator.faults.add({ delayMs: 30_000 });
  const old = send();
  await expect.poll(() => emulator.outbox.list().length).toBe(1);
  emulator.reset();
  const end = endDelays;
  expect(emulator.outbox.list()).toEqual([]);
  emulator.faults.add({ delayMs: 30_000 });
  const first = send();
  await expect.poll(() => emulator.outbox.list().length).toBe(1);
  end();
  await Promise.all([old, first]);
  expect(emulator.outbox.list()).toHaveLength(1);
  expect(emulator.verifications.list()).toMatchObject([{ sends: 1 }]);
  expect(emulator.calls).toHaveLength(1);
});

it('a send from before a reset does not open the door to a second one at the same time', async () => {
  const { emulator, send, endDelays } = open({ assume: { concurrentSends: 'refuse' } });
  emulator.faults.add({ delayMs: 30_000, times: Infinity });
  const old = send();
  await expect.poll(() => emulator.outbox.list().length).toBe(1);
  emulator.reset();
  endDelays();
  emulator.faults.add({ delayMs: 30_000 });
  const first = send();
  await old;
  expect(await errorOf(send())).toMatchObject({ code: 60212 });
  endDelays();
  expect(await first).toMatchObject({ status: 'pending' });
});

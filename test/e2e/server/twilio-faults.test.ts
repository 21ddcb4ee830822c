/** Every way in which Twilio fails, with the real time-outs: what the person sees, what is counted, and that nothing is lost. The rows stand in docs/faults.md. */
import { describe, expect, it } from 'vitest';
import type { Fault } from '../../../src/emulator/index.js';
import { countingStore, guide, told, type Row } from '../../support/fault-table.js';
import { createStack, PHONE, type Stack } from '../../support/backend-stack.js';

const faults: Record<string, Fault> = {
  'slow: 50 ms': { delayMs: 50 },
  'slow: 300 ms': { delayMs: 300 },
  'slow: 2 s': { delayMs: 2_000 },
  'slow: 30 s': { delayMs: 30_000 },
  'silent after it acted': { kind: 'no-answer', acts: true },
  'reset before it acted': { kind: 'reset-before' },
  'reset after it acted': { kind: 'reset-after' },
  '429 with `Retry-After`': { code: 20429, retryAfter: 7 },
  '429 without `Retry-After`': { code: 20429 },
  'HTTP 500': { status: 500 },
  'HTML 502': { kind: 'html-502' },
  'HTML 502 after it acted': { kind: 'html-502', acts: true },
  'broken JSON': { kind: 'broken-json' },
};

/** Twice the time for a call, and for the question what became of it. */
const PATIENCE = 60_000;

/** The person goes on until they have the proof, as often as they are told to come again; what was lost on the way. */
async function lost(stack: Stack, goOn: () => Promise<{ status: number; proof?: string }>): Promise<string> {
  stack.emulator.faults.clear();
  for (let tries = 0; tries < 3; tries += 1) {
    const { proof } = await goOn();
    if (proof === undefined) {
      stack.clock.advance(30);
      continue;
    }
    const right = await stack.verify(proof, { subject: 'ada' });
    const known = (await stack.accounts.contacts('ada')).phone;
    return right.contact?.value === PHONE && known === PHONE ? 'nothing' : 'the contact';
  }
  return 'the proof';
}

const messages = (stack: Stack): string => String(stack.emulator.outbox.list().length);

describe('while a code is sent', { timeout: PATIENCE }, () => {
  const rows = guide('While a code is sent');
  it('every fault has its row', () => expect(Object.keys(rows)).toEqual(Object.keys(faults)));

  it.concurrent.each(Object.entries(faults))('%s', async (name, fault) => {
    const { store, counted } = countingStore();
    const stack = await createStack({ store });
    const ask = stack.as('ada');
    stack.emulator.faults.add({ method: 'POST', path: /\/Verifications$/, ...fault });
    const reply = await ask.contact({ to: PHONE });
    const seen: Row = {
      sees: reply.problem === null ? 'the code step' : told(reply.problem),
      counted: counted() === 1 ? 'the send' : counted() === 0 ? 'nothing' : String(counted()),
      lost: await lost(stack, async () => {
        const { challenge } = reply.problem === null ? reply.body : (await ask.contact({ to: PHONE })).body;
        if (!challenge) return { status: 0 };
        const { status, body } = await ask.check(challenge, stack.code(PHONE));
        return { status, proof: body.proof };
      }),
      messages: messages(stack),
    };
    expect(seen).toEqual(rows[name]);
    expect(reply.body.retryIn).toBe(reply.problem === null ? undefined : (fault.retryAfter ?? reply.body.retryIn));
    // The call, and the question what became of it: bounded, and never a second send by itself.
    expect(stack.calls('/Verifications').filter((call) => call.startsWith('POST')).length).toBeLessThanOrEqual(2);
  });
});

describe('while a code is checked', { timeout: PATIENCE }, () => {
  const rows = guide('While a code is checked');
  it('every fault has its row', () => expect(Object.keys(rows)).toEqual(Object.keys(faults)));

  it.concurrent.each(Object.entries(faults))('%s', async (name, fault) => {
    const { store, counted, begin } = countingStore();
    const stack = await createStack({ store });
    const ask = stack.as('ada');
    const { challenge } = (await ask.contact({ to: PHONE })).body;
    const code = stack.code(PHONE);
    const key = crypto.randomUUID();
    begin();
    stack.emulator.faults.add({ method: 'POST', path: '/VerificationCheck', ...fault });
    const reply = await ask.check(challenge, code, key);
    const seen: Row = {
      sees: reply.problem === null ? 'verified' : told(reply.problem),
      counted: counted() === 1 ? 'a try' : counted() === 0 ? 'nothing' : String(counted()),
      lost: await lost(stack, async () => {
        const { status, body } = reply.problem === null ? reply : await ask.check(challenge, code, key);
        return { status, proof: body.proof };
      }),
      messages: messages(stack),
    };
    expect(seen).toEqual(rows[name]);
    expect(stack.calls('/VerificationCheck').length).toBeLessThanOrEqual(2);
  });
});

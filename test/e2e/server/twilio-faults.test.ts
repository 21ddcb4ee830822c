/** Every fault of Twilio, with the real timeouts: what the person sees, what the limits count, and that nothing is missing afterwards. Checks the rows of docs/faults.md. */
import { describe, expect, it } from 'vitest';
import type { Fault } from '../../../src/emulator/index.js';
import { countingStore, readFaultTable, problemCell, type Row } from '../../support/fault-table.js';
import { createStack, PHONE, type Stack } from '../../support/backend-stack.js';

const faults: Record<string, Fault> = {
  'slow: 50 ms': { delayMs: 50 },
  'slow: 300 ms': { delayMs: 300 },
  'slow: 2 s': { delayMs: 2_000 },
  'slow: 30 s, before it acted': { delayMs: 30_000, acts: false },
  'slow: 30 s, though it acted': { delayMs: 30_000 },
  'no response, though it acted': { kind: 'no-answer', acts: true },
  'connection reset before it acted': { kind: 'reset-before' },
  'connection reset after it acted': { kind: 'reset-after' },
  '429 with `Retry-After`': { code: 20429, retryAfter: 7 },
  '429 without `Retry-After`': { code: 20429 },
  'HTTP 500': { status: 500 },
  'HTML 502': { kind: 'html-502' },
  'HTML 502, though it acted': { kind: 'html-502', acts: true },
  'broken JSON': { kind: 'broken-json' },
};

/** More than twice the time for a call and for the request that finds out what became of it. */
const TIMEOUT_MS = 60_000;

/** Retries as the element tells the person to, until there is a proof. Returns what is still missing then. */
async function missingAfter(stack: Stack, retry: () => Promise<{ status: number; proof?: string }>): Promise<string> {
  stack.emulator.faults.clear();
  for (let tries = 0; tries < 3; tries += 1) {
    const { proof } = await retry();
    if (proof === undefined) {
      stack.clock.advance(30);
      continue;
    }
    const claims = await stack.verify(proof, { subject: 'ada' });
    const saved = (await stack.accounts.contacts('ada')).phone;
    return claims.contact?.value === PHONE && saved === PHONE ? 'nothing' : 'the contact';
  }
  return 'the proof';
}

const messages = (stack: Stack): string => String(stack.emulator.outbox.list().length);

describe('while a code is sent', { timeout: TIMEOUT_MS }, () => {
  const rows = readFaultTable('While a code is sent');
  it('every fault has a row', () => expect(Object.keys(rows)).toEqual(Object.keys(faults)));

  it.concurrent.each(Object.entries(faults))('%s', async (name, fault) => {
    const { store, counted } = countingStore();
    const stack = await createStack({ store });
    const ask = stack.as('ada');
    stack.emulator.faults.add({ method: 'POST', path: /\/Verifications$/, ...fault });
    const reply = await ask.contact({ to: PHONE });
    const seen: Row = {
      sees: reply.problem === null ? 'the code step' : problemCell(reply.problem),
      counted: counted() === 1 ? 'the send' : counted() === 0 ? 'nothing' : String(counted()),
      missing: await missingAfter(stack, async () => {
        const { challenge } = reply.problem === null ? reply.body : (await ask.contact({ to: PHONE })).body;
        if (!challenge) return { status: 0 };
        const { status, body } = await ask.check(challenge, stack.code(PHONE));
        return { status, proof: body.proof };
      }),
      messages: messages(stack),
    };
    expect(seen).toEqual(rows[name]);
    expect(reply.body.retryIn).toBe(reply.problem === null ? undefined : (fault.retryAfter ?? reply.body.retryIn));
    // One POST, and perhaps one more for the person's retry: the backend never sends twice by itself.
    expect(stack.calls('/Verifications').filter((call) => call.startsWith('POST')).length).toBeLessThanOrEqual(2);
  });
});

describe('while a code is checked', { timeout: TIMEOUT_MS }, () => {
  const rows = readFaultTable('While a code is checked');
  it('every fault has a row', () => expect(Object.keys(rows)).toEqual(Object.keys(faults)));

  it.concurrent.each(Object.entries(faults))('%s', async (name, fault) => {
    const { store, counted, restart } = countingStore();
    const stack = await createStack({ store });
    const ask = stack.as('ada');
    const { challenge } = (await ask.contact({ to: PHONE })).body;
    const code = stack.code(PHONE);
    const key = crypto.randomUUID();
    restart();
    stack.emulator.faults.add({ method: 'POST', path: '/VerificationCheck', ...fault });
    const reply = await ask.check(challenge, code, key);
    const seen: Row = {
      sees: reply.problem === null ? 'verified' : problemCell(reply.problem),
      counted: counted() === 1 ? 'an attempt' : counted() === 0 ? 'nothing' : String(counted()),
      missing: await missingAfter(stack, async () => {
        const { status, body } = reply.problem === null ? reply : await ask.check(challenge, code, key);
        return { status, proof: body.proof };
      }),
      messages: messages(stack),
    };
    expect(seen).toEqual(rows[name]);
    expect(stack.calls('/VerificationCheck').length).toBeLessThanOrEqual(2);
  });
});

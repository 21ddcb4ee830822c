/** Journeys over a network that fails and by people in a hurry: nothing is sent twice, and nothing proven is lost. */
import { describe, expect, it } from 'vitest';
import type { ContactInput } from '../../../src/flow/state-machine.js';
import { visit } from '../../support/simulated-user.js';
import { createStack, PHONE, type Stack, type StackOptions } from '../../support/backend-stack.js';

const a: ContactInput = { type: 'phone', text: '(415) 555-2671', country: 'US' };

const sends = (stack: Stack) => stack.emulator.outbox.list().length;
const checks = (stack: Stack) => stack.calls('/VerificationCheck').length;

async function open(options?: StackOptions) {
  const stack = await createStack(options);
  return { stack, person: visit(stack) };
}
async function atCode(options?: StackOptions) {
  const parts = await open(options);
  await parts.person.enters(a);
  expect(parts.person.sees).toBe('code');
  return parts;
}

describe('a lost network', () => {
  it('keeps the number; the next press sends', async () => {
    const { stack, person } = await open();
    person.cut('request');
    await person.enters(a);
    expect(person.flow.step).toMatchObject({ name: 'contact', entry: a, problem: { code: 'unreachable' } });
    await person.does((flow) => flow.send());
    expect([person.sees, sends(stack)]).toEqual(['code', 1]);
  });

  it('after the code went out costs no second message, and its code is accepted', async () => {
    const { stack, person } = await open();
    person.cut('answer');
    await person.enters(a);
    expect([person.sees, sends(stack)]).toEqual(['contact: unreachable', 1]);
    await person.does((flow) => flow.send());
    expect([person.sees, sends(stack)]).toEqual(['code', 1]);
    await person.does((flow) => flow.submit(stack.code(PHONE)));
    expect(person.sees).toBe('verified');
  });

  it('after a right code loses nothing: the same press again gets the same proof, and Twilio is asked once', async () => {
    const { stack, person } = await atCode();
    person.cut('answer');
    await person.does((flow) => flow.submit(stack.code(PHONE)));
    expect(person.sees).toBe('code: unreachable');
    await person.does((flow) => flow.submit(stack.code(PHONE)));
    expect([person.sees, checks(stack)]).toEqual(['verified', 1]);
  });

  it('after a wrong code costs one attempt, not two', async () => {
    const { stack, person } = await atCode();
    person.cut('answer');
    await person.does((flow) => flow.submit(stack.wrongCode(PHONE)));
    await person.does((flow) => flow.submit(stack.wrongCode(PHONE)));
    expect(person.problem).toMatchObject({ code: 'wrong-code', attemptsLeft: 3 });
    expect(checks(stack)).toBe(1);
  });

  it('during a resend leaves the code step, whose code is still accepted', async () => {
    const { stack, person } = await atCode();
    person.waits(30);
    person.cut('answer');
    await person.does((flow) => flow.resend());
    expect([person.sees, sends(stack)]).toEqual(['code: unreachable', 2]);
    await person.does((flow) => flow.submit(stack.code(PHONE)));
    expect(person.sees).toBe('verified');
  });
});

describe('a hurry', () => {
  it('a double click on Send code sends once', async () => {
    const { stack, person } = await open();
    await person.does((flow) => flow.start());
    await person.does((flow) => {
      flow.send(a);
      flow.send(a);
    });
    expect([person.sees, person.requests, sends(stack)]).toEqual(['code', 1, 1]);
  });

  it('a double click on Submit code checks once', async () => {
    const { stack, person } = await atCode();
    await person.does((flow) => {
      flow.submit(stack.wrongCode(PHONE));
      flow.submit(stack.wrongCode(PHONE));
    });
    expect(person.problem).toMatchObject({ code: 'wrong-code', attemptsLeft: 3 });
    expect(checks(stack)).toBe(1);
  });

  it('a double click on Resend sends once', async () => {
    const { stack, person } = await atCode();
    person.waits(30);
    await person.does((flow) => {
      flow.resend();
      flow.resend();
    });
    expect(sends(stack)).toBe(2);
    await person.does((flow) => flow.resend());
    expect(sends(stack)).toBe(2);
  });

  it('two tabs with one number send once, and each accepts the code until one has', async () => {
    const { stack, person } = await atCode();
    const other = visit(stack);
    await other.enters(a);
    expect([other.sees, sends(stack)]).toEqual(['code', 1]);
    await other.does((flow) => flow.submit(stack.code(PHONE)));
    expect(other.sees).toBe('verified');
    await person.does((flow) => flow.submit(stack.code(PHONE)));
    expect(person.sees).not.toBe('verified');
  });

  it('an element that leaves in the middle of a check and comes back gets the answer by the same press', async () => {
    const { stack, person } = await atCode();
    const { flow } = person;
    flow.submit(stack.code(PHONE));
    flow.hostDisconnected();
    await Promise.resolve();
    flow.hostConnected();
    expect(person.sees).toBe('code');
    await person.does(() => flow.submit(stack.code(PHONE)));
    expect([person.sees, checks(stack)]).toEqual(['verified', 1]);
  });

  it('a reload in the middle of the sending sends nothing again', async () => {
    const { stack, person } = await open();
    person.flow.start();
    person.flow.send(a);
    person.reload();
    expect(person.flow.step).toMatchObject({ name: 'contact', entry: a });
    await person.does((flow) => flow.send());
    expect([person.sees, sends(stack)]).toEqual(['code', 1]);
  });
});

describe('Twilio', () => {
  it('that is down is told as such, and the number is kept for the next try', async () => {
    const { stack, person } = await open();
    stack.emulator.faults.add({ method: 'POST', path: /\/Verifications$/, status: 503 });
    await person.enters(a);
    expect(person.flow.step).toMatchObject({ name: 'contact', entry: a, problem: { code: 'unavailable' } });
    await person.does((flow) => flow.send());
    expect(person.sees).toBe('code');
  });

  it('that loses the answer of a right code loses no proof: the backend finds out what became of it', async () => {
    const { stack, person } = await atCode();
    stack.emulator.faults.add({ method: 'POST', path: '/VerificationCheck', kind: 'reset-after' });
    await person.does((flow) => flow.submit(stack.code(PHONE)));
    expect(person.sees).toBe('verified');
  });

  it.each(['html-502', 'broken-json', 'problem-json'] as const)(
    'that answers with %s is never a success',
    async (kind) => {
      const { stack, person } = await atCode();
      stack.emulator.faults.add({ method: 'POST', path: '/VerificationCheck', kind });
      await person.does((flow) => flow.submit(stack.wrongCode(PHONE)));
      expect(person.flow.step.name).toBe('code');
      expect(person.problem?.code).toMatch(/unavailable|wrong-code/);
    },
  );
});

/** Journeys with `<verify-contact>`'s flow through the whole stack: flow, client, backend, twilio package, emulator; no mock between. */
import { describe, expect, it } from 'vitest';
import type { ContactInput } from '../../../src/flow/state-machine.js';
import { FakeClock } from '../../support/flow-fixtures.js';
import { visit } from '../../support/simulated-user.js';
import { createStack, EMAIL, OTHER_PHONE, PHONE, type Stack } from '../../support/backend-stack.js';

const a: ContactInput = { type: 'phone', text: '(415) 555-2671', country: 'US' };
const b: ContactInput = { type: 'phone', text: '07400 123456', country: 'GB' };
const email: ContactInput = { type: 'email', text: EMAIL };

const sends = (stack: Stack) => stack.emulator.outbox.list().length;
const checks = (stack: Stack) => stack.calls('/VerificationCheck').length;

async function atCode(entry = a) {
  const stack = await createStack();
  const person = visit(stack);
  await person.enters(entry);
  expect(person.sees).toBe('code');
  return { stack, person };
}

/** The proof of a verified step, as the page's own server reads it. */
async function proven(stack: Stack, { step }: { step: { name: string } }) {
  if (!('result' in step)) throw new Error(`Nothing is proven in the step ${step.name}.`);
  return stack.verify((step.result as { proof: string }).proof);
}

describe('a person', () => {
  it('verifies a phone number with two calls to Twilio', async () => {
    const { stack, person } = await atCode();
    expect(person.code.sent.challenge).toMatchObject({ to: '+1 415 555 2671', channel: 'sms', codeLength: 6 });
    expect([person.flow.expiresIn, person.flow.resendIn]).toEqual([600, 30]);
    await person.does((flow) => flow.submit(stack.code(PHONE)));
    expect(person.sees).toBe('verified');
    expect(await proven(stack, person.flow)).toMatchObject({ contact: { type: 'phone', value: PHONE } });
    expect(stack.calls()).toHaveLength(2);
  });

  it('verifies an e-mail address', async () => {
    const { stack, person } = await atCode(email);
    expect(person.code.sent.challenge).toMatchObject({ to: EMAIL, channel: 'email' });
    await person.does((flow) => flow.submit(stack.code(EMAIL)));
    expect(await proven(stack, person.flow)).toMatchObject({ contact: { type: 'email', value: EMAIL } });
  });

  it.each([
    ['a number that is none', { type: 'phone', text: '12345', country: 'US' }, 'invalid-contact'],
    ['a number of a kind that gets no codes', { type: 'phone', text: '+1 800 555 2671' }, 'unsupported-contact'],
    ['an address that is none', { type: 'email', text: 'ada@' }, 'invalid-contact'],
  ] as const)('who enters %s is told so, keeps it, and Twilio is not asked', async (_, entry, code) => {
    const stack = await createStack();
    const person = visit(stack);
    await person.enters(entry);
    expect(person.flow.step).toMatchObject({ name: 'contact', entry, problem: { code } });
    expect(stack.calls()).toEqual([]);
  });

  it('whose proof has run out enters the code of a new start, with the number still there', async () => {
    const { stack, person } = await atCode();
    await person.does((flow) => flow.submit(stack.code(PHONE)));
    person.waits(1_800);
    expect(person.flow.step).toMatchObject({ name: 'contact', entry: a, problem: { code: 'proof-expired' } });
    await person.does((flow) => flow.send());
    await person.does((flow) => flow.submit(stack.code(PHONE)));
    expect(person.sees).toBe('verified');
  });
});

describe('Go back', () => {
  it('after Change number accepts the first code', async () => {
    const { stack, person } = await atCode();
    const first = stack.code(PHONE);
    await person.does((flow) => flow.changeContact());
    await person.does((flow) => flow.edit(b));
    await person.does((flow) => flow.goBack());
    await person.does((flow) => flow.submit(first));
    expect(await proven(stack, person.flow)).toMatchObject({ contact: { value: PHONE } });
    expect(sends(stack)).toBe(1);
  });

  it('accepts the first code when sending to another number failed', async () => {
    const { stack, person } = await atCode();
    await person.does((flow) => flow.changeContact());
    await person.does((flow) => flow.send({ type: 'phone', text: '+1 800 555 2671' }));
    expect(person.sees).toBe('contact: unsupported-contact');
    await person.does((flow) => flow.goBack());
    await person.does((flow) => flow.submit(stack.code(PHONE)));
    expect(await proven(stack, person.flow)).toMatchObject({ contact: { value: PHONE } });
  });

  it('leads to B once a code went there; typing A again within the wait sends nothing, and its first code is accepted', async () => {
    const { stack, person } = await atCode();
    const first = stack.code(PHONE);
    person.waits(10);
    await person.does((flow) => flow.changeContact());
    await person.does((flow) => flow.send(b));
    await person.does((flow) => flow.changeContact());
    expect(person.flow.step).toMatchObject({ back: { entry: b } });
    await person.does((flow) => flow.send(a));
    expect(person.code.sent.entry).toEqual(a);
    expect([person.flow.expiresIn, person.flow.resendIn]).toEqual([590, 20]);
    expect(sends(stack)).toBe(2);
    await person.does((flow) => flow.submit(first));
    expect(await proven(stack, person.flow)).toMatchObject({ contact: { value: PHONE } });
  });

  it('to B accepts the code of B, which is another', async () => {
    const { stack, person } = await atCode();
    await person.does((flow) => flow.changeContact());
    await person.does((flow) => flow.send(b));
    await person.does((flow) => flow.changeContact());
    await person.does((flow) => flow.goBack());
    await person.does((flow) => flow.submit(stack.code(OTHER_PHONE)));
    expect(await proven(stack, person.flow)).toMatchObject({ contact: { value: OTHER_PHONE } });
  });

  it('works after a reload, before and after Change number', async () => {
    const { stack, person } = await atCode();
    person.reload();
    expect(person.sees).toBe('code');
    await person.does((flow) => flow.changeContact());
    await person.does((flow) => flow.edit(b));
    person.reload();
    expect(person.flow.step).toMatchObject({ name: 'contact', entry: b });
    await person.does((flow) => flow.goBack());
    await person.does((flow) => flow.submit(stack.code(PHONE)));
    expect(person.sees).toBe('verified');
    expect(sends(stack)).toBe(1);
  });

  it('to a code that is over sends to the same number in one click', async () => {
    const { stack, person } = await atCode();
    await person.does((flow) => flow.changeContact());
    await person.does((flow) => flow.edit(b));
    person.waits(601);
    await person.does((flow) => flow.goBack());
    expect(person.sees).toBe('code: code-expired');
    await person.does((flow) => flow.send());
    expect([person.sees, person.flow.expiresIn, sends(stack)]).toEqual(['code', 600, 2]);
    await person.does((flow) => flow.submit(stack.code(PHONE)));
    expect(await proven(stack, person.flow)).toMatchObject({ contact: { value: PHONE } });
  });
});

describe('a code', () => {
  it('is the same after a resend, and its life still counts from the first', async () => {
    const { stack, person } = await atCode();
    const first = stack.code(PHONE);
    person.waits(30);
    await person.does((flow) => flow.resend());
    expect(sends(stack)).toBe(2);
    expect(stack.code(PHONE)).toBe(first);
    expect([person.flow.expiresIn, person.flow.resendIn]).toEqual([570, 40]);
    await person.does((flow) => flow.submit(first));
    expect(person.sees).toBe('verified');
  });

  it('is replaced by one with its whole life when it has less than two minutes left', async () => {
    const { stack, person } = await atCode();
    person.waits(481);
    await person.does((flow) => flow.resend());
    expect([person.sees, person.flow.expiresIn]).toEqual(['code', 600]);
    await person.does((flow) => flow.submit(stack.code(PHONE)));
    expect(person.sees).toBe('verified');
  });

  it('that is read out is the one that was sent, and waits as long', async () => {
    const { stack, person } = await atCode();
    const first = stack.code(PHONE);
    await person.does((flow) => flow.resend('call'));
    expect(sends(stack)).toBe(1);
    person.waits(30);
    await person.does((flow) => flow.resend('call'));
    expect(person.code.sent.challenge.channel).toBe('call');
    expect(stack.code(PHONE)).toBe(first);
    await person.does((flow) => flow.submit(first));
    expect(person.sees).toBe('verified');
  });

  it('that is wrong four times closes the door, to the right one as well, and the next one opens it', async () => {
    const { stack, person } = await atCode();
    for (const left of [3, 2, 1, 0]) {
      person.waits(person.flow.retryIn);
      await person.does((flow) => flow.submit(stack.wrongCode(PHONE)));
      expect(person.problem).toMatchObject({ code: left ? 'wrong-code' : 'too-many-attempts', attemptsLeft: left });
    }
    // No code could be checked now, so none is sent either.
    expect([person.flow.expiresIn, person.flow.retryIn, person.flow.resendIn]).toEqual([0, 60, 60]);
    await person.does((flow) => flow.submit(stack.code(PHONE)));
    await person.does((flow) => flow.resend());
    expect([person.sees, checks(stack), sends(stack)]).toEqual(['code: too-many-attempts', 4, 1]);
    person.waits(60);
    await person.does((flow) => flow.send());
    expect([person.sees, sends(stack)]).toEqual(['code', 2]);
    await person.does((flow) => flow.submit(stack.code(PHONE)));
    expect(person.sees).toBe('verified');
  });

  it('is over after ten minutes, and the way on is one click', async () => {
    const { stack, person } = await atCode();
    person.waits(599);
    expect(person.sees).toBe('code');
    person.waits(1);
    expect(person.sees).toBe('code: code-expired');
    await person.does((flow) => flow.submit(stack.code(PHONE)));
    expect(checks(stack)).toBe(0);
    await person.does((flow) => flow.send());
    expect([person.sees, person.flow.expiresIn]).toEqual(['code', 600]);
  });
});

describe('a clock that is wrong', () => {
  it.each([3_600, -3_600])('by %d seconds on the page changes no countdown', async (off) => {
    const stack = await createStack();
    const person = visit(stack, null, {}, new FakeClock(stack.clock.now() + off * 1000));
    await person.enters(a);
    person.waits(20);
    expect([person.flow.expiresIn, person.flow.resendIn]).toEqual([580, 10]);
    person.reload();
    expect([person.flow.expiresIn, person.flow.resendIn]).toEqual([580, 10]);
    await person.does((flow) => flow.submit(stack.code(PHONE)));
    expect(person.sees).toBe('verified');
  });

  it('and is put right in the middle costs no code: the click that it asks for sends nothing', async () => {
    const stack = await createStack();
    const clock = new FakeClock(stack.clock.now() - 3_600_000);
    const person = visit(stack, null, {}, clock);
    await person.enters(a);
    clock.jump(3_600);
    clock.advance(1);
    expect(person.sees).toBe('code: code-expired');
    await person.does((flow) => flow.send());
    expect([person.sees, sends(stack)]).toEqual(['code', 1]);
    await person.does((flow) => flow.submit(stack.code(PHONE)));
    expect(person.sees).toBe('verified');
  });
});

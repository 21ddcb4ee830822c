/** The state machine as a table, and the rules that the table does not show. */
import { describe, expect, it } from 'vitest';
import {
  transition,
  receiveChallenge,
  type CodeStep,
  type ContactStep,
  type FlowEvent,
  type FlowProblem,
  type Step,
  type StepName,
} from '../../../src/flow/state-machine.js';
import { byEmail, byPhone, challenge, entryA, entryB, result } from '../../support/flow-fixtures.js';

const now = 1_000_000;
const sentA = receiveChallenge(now, challenge(), entryA);
const sentB = receiveChallenge(now, challenge({ challenge: 'sealed-B', to: '+1 415 555 2672' }), entryB);
const phone = receiveChallenge(now, byPhone);
const email = receiveChallenge(now, byEmail);

const contact: ContactStep = { name: 'contact', entry: entryA, back: sentB, problem: null };
const code: CodeStep = { name: 'code', sent: sentA, others: [], checkAt: 0, problem: null };
const twoFactorCode: CodeStep = { name: 'code', sent: phone, others: [], checkAt: 0, problem: null };

const steps: Record<StepName, Step> = {
  starting: { name: 'starting' },
  contact,
  sending: { name: 'sending', entry: entryA, previous: contact },
  code,
  checking: { name: 'checking', previous: code },
  resending: { name: 'resending', channel: 'sms', previous: code },
  verified: { name: 'verified', result, expiresAt: now, sent: sentA },
  'not-required': { name: 'not-required' },
  unavailable: { name: 'unavailable', problem: { code: 'unavailable' } },
};

const moves: { [Type in FlowEvent['type']]: Extract<FlowEvent, { type: Type }> } = {
  opened: { type: 'opened', entry: entryA },
  restored: { type: 'restored', step: code },
  edited: { type: 'edited', entry: entryB, respelled: false },
  'send-pressed': { type: 'send-pressed', entry: entryA },
  sent: { type: 'sent', sent: sentA },
  'not-required': { type: 'not-required' },
  refused: { type: 'refused', problem: { code: 'unreachable' } },
  aborted: { type: 'aborted' },
  'submit-pressed': { type: 'submit-pressed' },
  verified: { type: 'verified', result, expiresAt: now },
  'resend-pressed': { type: 'resend-pressed', channel: 'sms' },
  switched: { type: 'switched', sent: sentB },
  'change-pressed': { type: 'change-pressed' },
  'back-pressed': { type: 'back-pressed' },
  expired: { type: 'expired' },
  'proof-expired': { type: 'proof-expired' },
  reset: { type: 'reset' },
};

const refused = (step: Step, code: 'invalid-challenge' | 'code-expired' | 'contact-in-use' | 'too-many-sends') =>
  transition(step, { type: 'refused', problem: { code, retryAt: now + 90_000 } });

describe('the machine', () => {
  it('is this table: each step, and where each event leads; a dot is an event that means nothing there', () => {
    const names = Object.keys(steps) as StepName[];
    const lines = Object.values(moves).map((move) => {
      const cells = names.map((name) => {
        const after = transition(steps[name], move);
        return (after === steps[name] ? '·' : after.name).padEnd(12);
      });
      return `${move.type.padEnd(14)} | ${cells.join(' | ')}`.trimEnd();
    });
    const head = `${''.padEnd(14)} | ${names.map((name) => name.padEnd(12)).join(' | ')}`.trimEnd();
    expect(`\n${[head, ...lines].join('\n')}\n`).toMatchInlineSnapshot(`
      "
                     | starting     | contact      | sending      | code         | checking     | resending    | verified     | not-required | unavailable
      opened         | contact      | ·            | ·            | ·            | ·            | ·            | ·            | ·            | ·
      restored       | code         | ·            | ·            | ·            | ·            | ·            | ·            | ·            | ·
      edited         | ·            | contact      | ·            | ·            | ·            | ·            | ·            | ·            | ·
      send-pressed   | sending      | sending      | ·            | sending      | ·            | ·            | ·            | ·            | sending
      sent           | ·            | ·            | code         | ·            | ·            | code         | ·            | ·            | ·
      not-required   | ·            | ·            | not-required | ·            | ·            | ·            | ·            | ·            | ·
      refused        | ·            | contact      | contact      | code         | code         | code         | ·            | ·            | ·
      aborted        | ·            | ·            | contact      | ·            | code         | code         | ·            | ·            | ·
      submit-pressed | ·            | ·            | ·            | checking     | ·            | ·            | ·            | ·            | ·
      verified       | ·            | ·            | ·            | ·            | verified     | ·            | ·            | ·            | ·
      resend-pressed | ·            | ·            | ·            | resending    | ·            | ·            | ·            | ·            | ·
      switched       | ·            | ·            | ·            | code         | ·            | ·            | ·            | ·            | ·
      change-pressed | ·            | ·            | ·            | contact      | ·            | ·            | contact      | ·            | ·
      back-pressed   | ·            | code         | ·            | ·            | ·            | ·            | ·            | ·            | ·
      expired        | ·            | ·            | ·            | code         | ·            | ·            | ·            | ·            | ·
      proof-expired  | ·            | ·            | ·            | ·            | ·            | ·            | contact      | ·            | ·
      reset          | starting     | starting     | starting     | starting     | starting     | starting     | starting     | starting     | starting
      "
    `);
  });

  it('never changes the step that it is given', () => {
    const frozen = (value: unknown): void => {
      if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return;
      Object.freeze(value);
      Object.values(value).forEach(frozen);
    };
    frozen(steps);
    for (const step of Object.values(steps)) {
      for (const move of Object.values(moves)) expect(() => transition(step, move)).not.toThrow();
    }
  });

  it('takes a person who changes the number back to the code that was sent', () => {
    const changing = transition(code, { type: 'change-pressed' });
    expect(changing).toMatchObject({ name: 'contact', entry: entryA, back: sentA });
    const typing = transition(changing, { ...moves.edited, entry: entryB });
    expect(typing).toMatchObject({ entry: entryB, back: sentA });
    expect(transition(typing, { type: 'back-pressed' })).toEqual(code);
  });

  it('still offers Go back when sending to another number failed', () => {
    const typing = transition(transition(code, { type: 'change-pressed' }), { ...moves.edited, entry: entryB });
    const sending = transition(typing, { type: 'send-pressed', entry: entryB });
    const failed = transition(sending, moves.refused);
    expect(failed).toMatchObject({ name: 'contact', entry: entryB, back: sentA, problem: { code: 'unreachable' } });
  });

  it('returns to the later number after a code was sent there', () => {
    const sending = transition({ ...contact, back: sentA }, { type: 'send-pressed', entry: entryB });
    const atB = transition(sending, { type: 'sent', sent: sentB });
    expect(transition(atB, { type: 'change-pressed' })).toMatchObject({ entry: entryB, back: sentB });
  });

  it('keeps one challenge for each destination, so that switching back needs no new one', () => {
    const toEmail = transition(
      { name: 'resending', channel: 'email', previous: twoFactorCode },
      { type: 'sent', sent: email },
    );
    expect(toEmail).toMatchObject({ name: 'code', sent: email, others: [phone] });
    const toPhone = transition(toEmail, { type: 'switched', sent: phone });
    expect(toPhone).toMatchObject({ name: 'code', sent: phone, others: [email] });
    const again = { ...phone, challenge: { ...phone.challenge, challenge: 'sealed-phone-2' } };
    const resent = transition(
      { name: 'resending', channel: 'sms', previous: toPhone as CodeStep },
      { type: 'sent', sent: again },
    );
    expect(resent).toMatchObject({ sent: again, others: [email] });
  });

  it('stays in the code step when the code has expired, and keeps the number', () => {
    expect(transition(code, { type: 'expired' })).toMatchObject({
      name: 'code',
      problem: { code: 'code-expired' },
      sent: { expiresAt: 0, entry: entryA },
    });
    expect(refused(steps.checking, 'code-expired')).toMatchObject({ name: 'code', sent: { expiresAt: 0 } });
  });

  it('starts again when a challenge can never work again: with the contact, and in two-factor from the beginning', () => {
    expect(refused(steps.checking, 'invalid-challenge')).toMatchObject({ name: 'contact', entry: entryA, back: null });
    expect(refused(steps.resending, 'invalid-challenge')).toMatchObject({ name: 'contact', entry: entryA, back: null });
    expect(refused(steps.checking, 'contact-in-use')).toMatchObject({
      name: 'contact',
      problem: { code: 'contact-in-use' },
    });
    expect(refused({ name: 'checking', previous: twoFactorCode }, 'invalid-challenge')).toMatchObject({
      name: 'unavailable',
    });
  });

  it('keeps a problem while the element only spells the contact in another way, and drops it once the person changes it', () => {
    const failed: ContactStep = { ...contact, problem: { code: 'invalid-contact' } };
    expect(transition(failed, { ...moves.edited, respelled: true })).toEqual({ ...failed, entry: entryB });
    expect(transition(failed, moves.edited)).toEqual({ ...contact, entry: entryB });
  });

  it('says of a code only what was said of it: the first key takes that back, and not the wait', () => {
    const checkAt = now + 30_000;
    const wrong: FlowEvent = { type: 'refused', problem: { code: 'wrong-code', attemptsLeft: 1, retryAt: checkAt } };
    const refusedOnce = transition(steps.checking, wrong);
    expect(refusedOnce).toEqual({ ...code, checkAt, problem: wrong.problem });
    expect(transition(refusedOnce, moves.edited)).toEqual({ ...code, checkAt });
    const expired = transition(code, { type: 'expired' });
    expect(transition(expired, moves.edited)).toBe(expired);
  });

  it('takes a code whose tries are used up for one that has expired, and never leaves none of them', () => {
    const usedUp = (problem: FlowProblem) => transition(steps.checking, { type: 'refused', problem });
    const gone = { name: 'code', sent: { expiresAt: 0 }, problem: { code: 'too-many-attempts' } };
    expect(usedUp({ code: 'wrong-code', attemptsLeft: 0, retryIn: 60, retryAt: now + 60_000 })).toMatchObject({
      ...gone,
      checkAt: now + 60_000,
    });
    // The same code can be tried once the wait is over.
    expect(usedUp({ code: 'too-many-attempts', retryIn: 9, retryAt: now + 9000 })).toMatchObject({ sent: sentA });
  });

  it('leaves a check open when only a message has to wait', () => {
    expect(refused(steps.resending, 'too-many-sends')).toMatchObject({ checkAt: 0 });
  });

  it('takes a person who changes a verified number to the contact step, with the number', () => {
    expect(transition(steps.verified, { type: 'change-pressed' })).toEqual({ ...contact, entry: entryA, back: null });
    const signedIn: Step = { ...steps.verified, sent: phone } as Step;
    expect(transition(signedIn, { type: 'change-pressed' })).toBe(signedIn);
  });

  it('lets the backend lengthen the wait for another code', () => {
    expect(refused(steps.resending, 'too-many-sends')).toMatchObject({
      name: 'code',
      sent: { resendAt: now + 90_000 },
    });
  });

  it('does not change the wait of the phone when the e-mail has to wait', () => {
    const toEmail: Step = { name: 'resending', channel: 'email', previous: twoFactorCode };
    expect(refused(toEmail, 'too-many-sends')).toMatchObject({ sent: phone, problem: { code: 'too-many-sends' } });
  });

  it('keeps the contact when the proof expires', () => {
    expect(transition(steps.verified, { type: 'proof-expired' })).toEqual({
      name: 'contact',
      entry: entryA,
      back: null,
      problem: { code: 'proof-expired' },
    });
  });

  it('never reaches a contact step in two-factor', () => {
    expect(transition(twoFactorCode, { type: 'change-pressed' })).toBe(twoFactorCode);
  });
});

/** What survives a reload, and what must not. */
import { describe, expect, it } from 'vitest';
import { loadStep, saveStep } from '../../../src/flow/session-persistence.js';
import { receiveChallenge, type CodeStep, type ContactStep, type Step } from '../../../src/flow/state-machine.js';
import { byEmail, byPhone, challenge, entryA, entryB, memoryStorage, result } from '../../support/flow-fixtures.js';

const now = Date.UTC(2026, 0, 1);
const sentA = receiveChallenge(now, challenge(), entryA);
const contact: ContactStep = { name: 'contact', entry: entryB, back: sentA, problem: null };
const code: CodeStep = { name: 'code', sent: sentA, others: [], checkAt: 0, problem: null };
const verified: Step = { name: 'verified', result, expiresAt: now + 1_800_000, sent: sentA };

function place(storage = memoryStorage(), storageKey = 'verify-contact /verify') {
  return { storageKey, storage: () => storage };
}

describe('after a reload', () => {
  it('what was typed is there, and Go back with it', () => {
    const here = place();
    saveStep(here, contact);
    expect(loadStep(here, now)).toEqual(contact);
  });

  it('the code step is there, with the challenges of the other destinations', () => {
    const here = place();
    const step: CodeStep = {
      name: 'code',
      sent: receiveChallenge(now, byEmail),
      others: [receiveChallenge(now, byPhone)],
      checkAt: 0,
      problem: null,
    };
    saveStep(here, step);
    expect(loadStep(here, now)).toEqual(step);
  });

  it('of the methods that a newer version wrote there are those that this one knows', () => {
    const here = place();
    const methods = [...challenge().methods, { channel: 'rcs' as 'sms', to: '+1 415 555 2671' }];
    const newer = { ...sentA, challenge: challenge({ methods }) };
    saveStep(here, { ...code, sent: newer, others: [newer] });
    expect(loadStep(here, now)).toEqual({ ...code, others: [sentA] });
  });

  it('an aborted request leaves the step before it', () => {
    const here = place();
    saveStep(here, { name: 'checking', previous: code });
    expect(loadStep(here, now)).toEqual(code);
    saveStep(here, { name: 'sending', entry: entryB, previous: contact });
    expect(loadStep(here, now)).toEqual(contact);
  });

  it('a problem and its wait are not shown again: the backend knows them', () => {
    const here = place();
    saveStep(here, { ...code, checkAt: Infinity, problem: { code: 'wrong-code', attemptsLeft: 3 } });
    expect(loadStep(here, now)).toEqual(code);
  });

  it('no deadline is later than its original time span, even if the clock was set back', () => {
    const here = place();
    saveStep(here, code);
    const earlier = now - 3_600_000;
    expect(loadStep(here, earlier)).toMatchObject({
      sent: { expiresAt: earlier + 600_000, resendAt: earlier + 30_000 },
    });
  });

  it('a deadline that has passed stays passed', () => {
    const here = place();
    saveStep(here, code);
    expect(loadStep(here, now + 3_600_000)).toMatchObject({ sent: { expiresAt: sentA.expiresAt } });
  });
});

describe('nothing is kept', () => {
  it.each<[string, Step]>([
    ['after success, neither challenge nor proof', verified],
    ['after a reset', { name: 'starting' }],
    ['where two-factor is not required', { name: 'not-required' }],
    ['once nobody is signed in', { ...contact, problem: { code: 'unauthenticated' } }],
    ['of a challenge that is not valid', { ...contact, back: null, problem: { code: 'invalid-challenge' } }],
  ])('%s', (_, step) => {
    const storage = memoryStorage();
    saveStep(place(storage), code);
    saveStep(place(storage), step);
    expect(storage.length).toBe(0);
  });

  it('without a key', () => {
    const storage = memoryStorage();
    saveStep({ storage: () => storage }, code);
    expect(storage.length).toBe(0);
  });

  it('for another element', () => {
    const storage = memoryStorage();
    saveStep(place(storage), code);
    expect(loadStep(place(storage, 'verify-contact /verify billing'), now)).toBeNull();
  });
});

describe('unreliable storage', () => {
  it.each([
    ['is not JSON', '{'],
    ['is null', 'null'],
    ['is of an older version', '{"step":"code","challenge":"sealed"}'],
    ['names a step that is never kept', JSON.stringify(verified)],
    ['lacks a deadline', JSON.stringify({ ...code, sent: { ...sentA, expiresAt: null } })],
    ['lacks what was typed', JSON.stringify({ ...code, sent: { ...sentA, entry: undefined } })],
    ['lacks the other challenges', JSON.stringify({ ...code, others: undefined })],
    [
      'holds a channel of a newer version',
      JSON.stringify({ ...code, sent: { ...sentA, challenge: challenge({ channel: 'rcs' as 'sms' }) } }),
    ],
    ['holds a contact of a newer kind', JSON.stringify({ ...contact, entry: { type: 'fax', text: '1' } })],
    ['holds a country that is none', JSON.stringify({ ...contact, entry: { ...entryB, country: 5 } })],
    ['holds a deadline that is none', JSON.stringify({ ...code, sent: { ...sentA, expiresAt: '5' } })],
    ['holds text that is none', JSON.stringify({ ...contact, entry: { type: 'phone', text: 5 } })],
  ])('is as good as none when it %s', (_, text) => {
    const storage = memoryStorage();
    storage.setItem('verify-contact verify-contact /verify', text);
    expect(loadStep(place(storage), now)).toBeNull();
  });

  it('is ignored when it throws, as in a sandboxed frame', () => {
    const here = {
      storageKey: 'verify-contact /verify',
      storage: () => {
        throw new DOMException('The document is sandboxed.', 'SecurityError');
      },
    };
    expect(() => saveStep(here, code)).not.toThrow();
    expect(loadStep(here, now)).toBeNull();
  });

  it('is ignored when it is full', () => {
    const storage = memoryStorage();
    storage.setItem = () => {
      throw new DOMException('The quota has been exceeded.', 'QuotaExceededError');
    };
    expect(() => saveStep(place(storage), code)).not.toThrow();
  });
});

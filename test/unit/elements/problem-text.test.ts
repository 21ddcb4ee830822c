/** The sentence for a problem, whatever its code and its numbers are. */
import { describe, expect, it } from 'vitest';
import { problemText } from '../../../src/elements/controllers/announcements.js';
import { LocalizeController, type LocalizedHost } from '../../../src/elements/controllers/localize-controller.js';
import type { FlowProblem } from '../../../src/flow/state-machine.js';
import english from '../../../src/locales/en.js';
import { problems } from '../../../src/protocol/problems.js';

const host = { addController: () => undefined, messages: null } as unknown as LocalizedHost;
const localize = new LocalizeController(host);
const sentence = (problem: object, type = '') => problemText(localize, problem as FlowProblem, type, 6);

describe('a problem', () => {
  const otherSentences = Object.keys(english).slice(0, Object.keys(english).indexOf('required') + 1);

  it.each(['a-newer-one', ...Object.getOwnPropertyNames(Object.prototype), ...otherSentences])(
    'named %s has the sentence of every unknown problem',
    (code) => {
      expect(sentence({ code })).toBe(english.unavailable);
    },
  );

  it('of a number has another sentence than that of an address', () => {
    expect(sentence({ code: 'invalid-contact' }, 'phone')).toBe(english['invalid-contact-phone']);
    expect(sentence({ code: 'invalid-contact' }, 'email')).toBe(english['invalid-contact-email']);
  });

  it('of the backend is found among the problems, and that of another sentence is not', () => {
    const ofContacts = ['invalid-contact', 'unsupported-channel'];
    const hidden = ['invalid-request', 'forbidden-origin', 'not-found', 'too-large', 'misconfigured', 'invalid-proof'];
    const codes = Object.keys(problems).filter((code) => !hidden.includes(code));
    const shown = codes.map((code) => sentence({ code }, ofContacts.includes(code) ? 'phone' : ''));
    expect(shown.filter((text) => text === english.unavailable)).toHaveLength(1);
    expect(new Set(shown).size).toBe(codes.length);
    expect(otherSentences).toEqual(expect.arrayContaining(['verified', 'retry-wait', 'tries-left', 'try-again']));
  });

  it('of a number that takes no text messages says so, and of a channel in the code step says that', () => {
    expect(sentence({ code: 'unsupported-channel' }, 'phone')).toBe(
      'This number can’t receive text messages. Use a different one.',
    );
    expect(sentence({ code: 'unsupported-channel' })).toBe('We can’t send a code in this way. Use a different one.');
  });

  it('is followed by the number of tries left, and never by none', () => {
    expect(sentence({ code: 'wrong-code', attemptsLeft: 1 })).toBe(
      'That code isn’t right. Check the digits. 1 try left.',
    );
    expect(sentence({ code: 'too-many-attempts', attemptsLeft: 0 })).toBe('Too many wrong codes.');
    expect(sentence({ code: 'wrong-code' })).toBe('That code isn’t right. Check the digits.');
  });
});

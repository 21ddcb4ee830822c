/** The sentence for a problem, whatever its code and its numbers are. */
import { describe, expect, it } from 'vitest';
import { problemText } from '../../../src/elements/controllers/announcements.js';
import { LocalizeController, type LocalizedHost } from '../../../src/elements/controllers/localize-controller.js';
import type { FlowProblem } from '../../../src/flow/state-machine.js';
import english from '../../../src/locales/en.js';

const host = { addController: () => undefined, messages: null } as unknown as LocalizedHost;
const localize = new LocalizeController(host);
const sentence = (problem: object, type = '') => problemText(localize, problem as FlowProblem, type, 6);

describe('a problem', () => {
  it.each(['a-newer-one', ...Object.getOwnPropertyNames(Object.prototype)])(
    'named %s has the sentence of every unknown problem',
    (code) => {
      expect(sentence({ code })).toBe(english.unavailable);
    },
  );

  it('of a number has another sentence than that of an address', () => {
    expect(sentence({ code: 'invalid-contact' }, 'phone')).toBe(english['invalid-contact-phone']);
    expect(sentence({ code: 'invalid-contact' }, 'email')).toBe(english['invalid-contact-email']);
  });

  it('is followed by the number of tries left, also by none', () => {
    expect(sentence({ code: 'wrong-code', attemptsLeft: 1 })).toBe(
      'That code isn’t right. Check the digits. 1 try left.',
    );
    expect(sentence({ code: 'too-many-attempts', attemptsLeft: 0 })).toBe('Too many wrong codes. 0 tries left.');
    expect(sentence({ code: 'wrong-code' })).toBe('That code isn’t right. Check the digits.');
  });
});

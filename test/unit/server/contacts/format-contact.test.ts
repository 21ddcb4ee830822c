/** The forms of a contact: for people, masked, and for the limits. */
import { describe, expect, test } from 'vitest';
import { formatContact, maskContact, rateLimitForm } from '../../../../src/server/contacts/format-contact.js';
import { loadPhoneMetadata } from '../../../../src/server/contacts/phone-metadata.js';

await loadPhoneMetadata();

const american = '+14155552671';
const british = '+447911123456';

describe('a contact', () => {
  test('is formatted as people read it', () => {
    expect(formatContact({ type: 'phone', value: american })).toBe('+1 415 555 2671');
    expect(formatContact({ type: 'phone', value: british })).toBe('+44 7911 123456');
    for (const value of ['Ann@example.com', 'ann+14155552671@example.com'])
      expect(formatContact({ type: 'email', value })).toBe(value);
  });

  test('is formatted the same the second time, and an unreadable number is left as it is', () => {
    const contact = { type: 'phone', value: american } as const;
    expect([formatContact(contact), formatContact(contact)]).toEqual(['+1 415 555 2671', '+1 415 555 2671']);
    expect(formatContact({ type: 'phone', value: 'unknown' })).toBe('unknown');
  });

  test('is masked to two digits or two letters, without its length', () => {
    expect(maskContact({ type: 'phone', value: american })).toBe('•••• 71');
    expect(maskContact({ type: 'phone', value: '+6831234' })).toBe('•••• 34');
    expect(maskContact({ type: 'email', value: 'ann@example.com' })).toBe('a•••@e•••');
    expect(maskContact({ type: 'email', value: 'a@b.co' })).toBe('a•••@b•••');
  });

  test('with an address is counted as one mailbox, however it is written', () => {
    for (const value of ['A.n.n+1@gmail.com', 'ann@googlemail.com', 'ANN@gmail.com'])
      expect(rateLimitForm({ type: 'email', value })).toBe('ann@gmail.com');
  });

  test('with a number is counted as the number', () => {
    expect(rateLimitForm({ type: 'phone', value: american })).toBe(american);
  });
});

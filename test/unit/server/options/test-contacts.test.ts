/** What `testContacts` takes: contacts that belong to nobody, codes that nobody guesses first, and an end. */
import { beforeAll, describe, expect, it } from 'vitest';
import { parseContact } from '../../../../src/server/contacts/parse-contact.js';
import { loadPhoneMetadata } from '../../../../src/server/contacts/phone-metadata.js';
import { createHandler, generateKeys, type HandlerOptions, type Keys } from '../../../../src/server/index.js';
import { isReserved } from '../../../../src/server/options/reserved-contacts.js';
import { createStack } from '../../../support/backend-stack.js';

const numbers = (prefix: string, digits: number) =>
  Array.from({ length: 10 ** digits }, (_, n) => prefix + String(n).padStart(digits, '0'));

describe('the contacts that belong to nobody', () => {
  beforeAll(() => loadPhoneMetadata());

  it.each([
    [
      'of North America, in several area codes',
      ['202', '212', '415', '416', '604'].flatMap((area) => numbers(`+1${area}55501`, 2)),
    ],
    ['of Australia', ['006', '110', '156', '157', '158', '159'].map((end) => `+61491570${end}`)],
    ['of Germany, in blocks', [...numbers('+4917139200', 2), ...numbers('+49176040690', 2)]],
    [
      'of Germany, one by one',
      '15228817386 15228895456 15254599371 1729925904 1729968532 1729973185 1729973186 1729980752 1749091317 1749464308'
        .split(' ')
        .map((number) => `+49${number}`),
    ],
    ['of Sweden', numbers('+467017406', 2).slice(5)],
    [
      'with addresses',
      ['a@example.com', 'a@example.org', 'a@example.net', 'a@mail.example.com', 'a@x.test', 'a@x.example'],
    ],
  ])('%s are reserved, and the backend takes them as they are', (_, contacts) => {
    const rules = { types: ['phone', 'email'] as const, channels: ['sms', 'email'] as const };
    for (const contact of contacts) {
      expect(isReserved(contact), contact).toBe(true);
      expect(parseContact(contact, undefined, rules), contact).toMatchObject({ contact: { value: contact } });
    }
  });

  it.each([
    ['a number of somebody', '+14155552671'],
    ['the next number after a range', '+12025550200'],
    ['a number that only begins like one', '+120255501234'],
    ['a toll-free number, which may be assigned', '+18005550199'],
    ['a fictional number that no parser takes', '+447700900123'],
    ['the next number of Australia', '+61491570160'],
    ['the last number before the range of Sweden', '+46701740604'],
    ['an address of somebody', 'ada@gmail.com'],
    ['a domain that only ends like one', 'ada@myexample.com'],
    ['a domain that only begins like one', 'ada@example.com.evil.io'],
    ['a domain that reads like one', 'ada@test.io'],
  ])('%s is not reserved', (_, contact) => {
    expect(isReserved(contact)).toBe(false);
  });
});

describe('an entry', () => {
  const entry = { contact: '+12025550123', code: '471093', until: '2026-04-01' };
  let keys: Keys;
  beforeAll(async () => {
    keys = await generateKeys();
  });
  const create = (testContacts: unknown, more: Partial<HandlerOptions> = {}, codeLength = 6) =>
    createHandler({
      twilio: {
        accountSid: `AC${'0'.repeat(32)}`,
        authToken: 'secret',
        contactService: `VA${'0'.repeat(32)}`,
        codeLength,
      },
      keys,
      audience: 'https://shop.example',
      now: () => Date.parse('2026-03-01T12:00:00Z'),
      testContacts: testContacts as HandlerOptions['testContacts'] & object,
      ...more,
    });
  const obvious = 'testContacts.code must not be one that people guess first, such as 123456, 000000 or 121212.';
  const tooLate = 'testContacts.until must end at most 90 days from now.';

  it.each([
    [
      'a contact of somebody',
      { contact: '+14155552671' },
      /^testContacts\.contact must be of a range or a domain that belongs to nobody/,
    ],
    [
      'a contact that is not in E.164',
      { contact: '(202) 555-0123' },
      /^testContacts\.contact must be a number in E\.164/,
    ],
    ['a number as a number', { code: 471093 }, 'testContacts.code must be a text of 6 to 10 digits.'],
    ['a code of five digits', { code: '47109' }, 'testContacts.code must be a text of 6 to 10 digits.'],
    ['a code of other digits', { code: '٤٧١٠٩٣' }, 'testContacts.code must be a text of 6 to 10 digits.'],
    ['a code that counts up', { code: '123456' }, obvious],
    ['a code that counts down', { code: '098765' }, obvious],
    ['a code of one digit', { code: '777777' }, obvious],
    ['a code of two digits in turn', { code: '373737' }, obvious],
    ['a code of three digits twice', { code: '471471' }, obvious],
    [
      'a code that is longer than the codes of the service',
      { code: '4710937' },
      /^testContacts\.code must have as many digits .*: 6\.$/,
    ],
    ['no end', { until: undefined }, /^testContacts\.until is undefined: it must be a date/],
    ['a day that does not exist', { until: '2026-02-30' }, /^testContacts\.until must be a date/],
    ['a time without a zone', { until: '2026-04-01T12:00:00' }, /^testContacts\.until must be a date/],
    ['an end in 91 days', { until: '2026-05-31' }, tooLate],
    ['an end a minute after 90 days', { until: '2026-05-30T12:01:00Z' }, tooLate],
    ['a name that is misspelt', { owner: true }, 'testContacts.owner is not an option. Did you mean owned?'],
    ['a word in place of yes', { owned: 'true' }, 'testContacts.owned must be true or false.'],
  ])('is refused with %s, and the sentence has no code in it', (_, changes, sentence) => {
    const broken = { ...entry, ...changes };
    let message = '';
    try {
      create([broken]);
    } catch (error) {
      message = (error as Error).message;
    }
    if (typeof sentence === 'string') expect(message).toBe(sentence);
    else expect(message).toMatch(sentence);
    expect(message).not.toContain('471093');
  });

  it('is refused if it is there twice, is no list, or the codes of the service have four digits', () => {
    expect(() => create([entry, entry])).toThrow('testContacts must have each contact once.');
    expect(() => create(entry)).toThrow('testContacts must be a list of objects with contact, code and until.');
    expect(() => create([entry], {}, 4)).toThrow(/testContacts\.code must have as many digits .*: 4\./);
    expect(() => create([{ ...entry, code: '4710' }], {}, 4)).toThrow('must be a text of 6 to 10 digits');
  });

  it('may end exactly ninety days from now, and may be a contact of one’s own if it says so', async () => {
    await create([{ ...entry, until: '2026-05-30T12:00:00Z' }]).close();
    await create([{ ...entry, contact: '+14155552671', owned: true }]).close();
  });

  it('is refused when the backend gets ready, if the backend would never accept the contact', async () => {
    await expect(create([entry], { countries: ['DE'] }).ready()).rejects.toThrow(
      'testContacts has •••• 23, which this backend does not accept: see countries, numberTypes and channels.',
    );
    const unread = create([{ ...entry, contact: '+447700900123', owned: true }]);
    await expect(unread.ready()).rejects.toThrow('testContacts has •••• 23, which this backend does not accept');
  });

  it('that has ended keeps no server from starting, and an event says to remove it', async () => {
    const stack = await createStack({ testContacts: [{ ...entry, until: '2026-02-28' }] });
    expect(stack.events).toEqual([
      { type: 'warning', hint: 'testContacts: •••• 23 ended on 2026-02-28, so remove it.' },
    ]);
    expect(await (await stack.get('health')).json()).toEqual({ live: true, ready: true });
  });
});

/** Toll fraud and harassment: how many messages a wave of requests causes at Twilio, through the whole backend with the default limits. */
import examples from 'libphonenumber-js/examples.mobile.json' with { type: 'json' };
import { getExampleNumber, parsePhoneNumberFromString, type CountryCode } from 'libphonenumber-js/max';
import { expect, it } from 'vitest';
import { createStack, PHONE, type Stack } from '../../support/backend-stack.js';
import { actor, addressOf, sends, tally } from '../../support/attacker.js';
import { recordAttack, PRICE } from '../../support/attack-metrics.js';

const ADDRESSES = 1000;

/** That many valid mobile numbers: the country's example number with other last digits. */
function numbersOf(country: CountryCode, times: number, digits: number): string[] {
  const example = getExampleNumber(country, examples)?.number ?? '';
  const numbers: string[] = [];
  for (let n = 0; numbers.length < times && n < 10 ** digits; n += 1) {
    const value = example.slice(0, -digits) + String((n * 7919) % 10 ** digits).padStart(digits, '0');
    if (['MOBILE', 'FIXED_LINE_OR_MOBILE'].includes(parsePhoneNumberFromString(value)?.getType() ?? ''))
      numbers.push(value);
  }
  return numbers;
}

/** An hour in which 1,000 addresses request a code for a number each. Half have a session of a new account, and 200 repeat at the end. */
async function hourOf(numbers: readonly string[]): Promise<Stack> {
  const stack = await createStack();
  const one = (n: number) => {
    const user = n % 2 === 0 ? null : `bot ${n}`;
    return actor(stack, { user, address: addressOf(n % ADDRESSES) }).contact({ to: numbers[n % numbers.length] });
  };
  for (let n = 0; n < 1200; n += 100) {
    if (n === ADDRESSES) stack.clock.advance(3590);
    await Promise.all(Array.from({ length: 100 }, (_, i) => one(n + i)));
  }
  return stack;
}

it('1,000 addresses and 1,000 numbers of one prefix: 20 messages in an hour, one dollar', async () => {
  const numbers = Array.from({ length: 1200 }, (_, n) => `+4474001${String(23_000 + n).padStart(5, '0')}`);
  const stack = await hourOf(numbers);
  expect(sends(stack)).toBe(20);
  recordAttack({
    attack: '1,000 addresses, 1,000 numbers of one prefix, one hour',
    budget: 20,
    accepted: sends(stack),
    calls: stack.calls().length,
    sends: sends(stack),
  });
});

it('1,000 addresses and numbers of one country: 360 messages in an hour, eighteen dollars', async () => {
  const stack = await hourOf(numbersOf('GB', 1200, 7));
  expect(sends(stack)).toBe(360);
  recordAttack({
    attack: '1,000 addresses, all prefixes of one country, one hour',
    budget: 360,
    accepted: sends(stack),
    calls: stack.calls().length,
    sends: sends(stack),
  });
});

it('1,000 addresses and numbers of all countries: 540 messages in an hour, 27 dollars, and as many again for second factors', async () => {
  const countries: CountryCode[] = ['GB', 'DE', 'FR', 'ES', 'IT', 'PL', 'BR', 'JP', 'TR', 'NL'];
  const numbers = countries.map((country) => numbersOf(country, 120, 6));
  const mixed = Array.from(
    { length: 1200 },
    (_, n) => numbers[n % countries.length]?.[Math.floor(n / countries.length)] ?? '',
  );
  const stack = await hourOf(mixed);
  expect(sends(stack)).toBe(540);
  recordAttack({
    attack: '1,000 addresses, all countries, one hour: the largest spend on contacts',
    budget: 540,
    accepted: sends(stack),
    calls: stack.calls().length,
    sends: sends(stack),
  });
});

it('1,000 stolen accounts ask for their second factor for an hour: 540 messages, 27 dollars', async () => {
  const stack = await createStack({ twoFactor: { required: 'always' } });
  const numbers = (['GB', 'DE', 'FR', 'ES', 'IT'] as const).flatMap((country) => numbersOf(country, 200, 6));
  for (const [n, value] of numbers.entries())
    await stack.accounts.contactVerified(`user ${n}`, { type: 'phone', value });
  for (const n of numbers.keys()) await actor(stack, { user: `user ${n}`, address: addressOf(n) }).twoFactor();
  expect(sends(stack)).toBe(540);
  recordAttack({
    attack: '1,000 stolen accounts ask for second factors, one hour',
    budget: 540,
    accepted: sends(stack),
    sends: sends(stack),
    note: `with the 540 for contacts above and 60 e-mails for each, the most in an hour: ${((2 * sends(stack) + 120) * PRICE).toFixed(2)} USD`,
  });
});

it('one number gets ten codes a day, whoever requests them and however the number is written', async () => {
  const stack = await createStack();
  const spellings = [
    PHONE,
    '+1 (415) 555-2671',
    '001 415 555 2671',
    '(415) 555‑2671',
    '＋１４１５５５５２６７１',
    '+١٤١٥٥٥٥٢٦٧١',
    '+1\u200b415\u00a05552671',
  ];
  for (let n = 0; n < 300; n += 1) {
    const ask = actor(stack, { address: addressOf(n), user: n % 2 === 0 ? null : `bot ${n}` });
    await ask.contact({ to: spellings[n % spellings.length], country: n % 7 === 2 ? 'GB' : 'US' });
    stack.clock.advance(280);
  }
  const messages = stack.emulator.outbox.list().filter(({ to }) => to === PHONE);
  expect(messages).toHaveLength(10);
  expect(sends(stack)).toBe(10);
  recordAttack({
    attack: 'one number pestered for a day by 300 addresses',
    budget: 10,
    accepted: messages.length,
    sends: messages.length,
  });
});

it('one mailbox gets ten codes a day, however its tags, capitals and dots vary', async () => {
  const stack = await createStack();
  const spelling = (n: number) =>
    `${n % 2 === 0 ? 'Ada' : 'a.da'}${n % 3 === 0 ? '' : `+${n}`}@${n % 5 === 0 ? 'GMAIL.com' : 'gmail.com'}`;
  for (let n = 0; n < 300; n += 1) {
    await actor(stack, { address: addressOf(n) }).contact({ to: spelling(n) });
    stack.clock.advance(280);
  }
  expect(sends(stack)).toBe(10);
  recordAttack({
    attack: 'one mailbox pestered for a day in 300 spellings',
    budget: 10,
    accepted: sends(stack),
    sends: sends(stack),
  });
});

it('premium-rate and shared-cost numbers are refused before anything is counted or sent', async () => {
  const stack = await createStack();
  const costly = [
    '+19002345678',
    '+18002345678',
    '+449012345678',
    '+448001234567',
    '+448431234567',
    '+447640123456',
    '+881612345678',
    '+8835100012345',
    '110',
    '+491375123456',
    '+33899123456',
  ];
  const answers = await Promise.all(costly.map((to) => actor(stack).contact({ to, channel: 'call' })));
  expect(tally(answers.map(({ status }) => status))).toEqual({ 422: costly.length });
  expect(stack.calls()).toEqual([]);
  recordAttack({
    attack: 'premium, toll-free, shared-cost, pager and satellite numbers',
    budget: 0,
    accepted: 0,
    calls: 0,
    sends: 0,
  });
});

it('one signed-in user and one address each have their own budget', async () => {
  const numbers = numbersOf('GB', 200, 7);
  const user = await createStack();
  for (const [n, to] of numbers.entries())
    await actor(user, { user: 'mallory', address: addressOf(n) }).contact({ to });
  expect(sends(user)).toBe(5);
  const address = await createStack();
  for (const to of numbers) await actor(address).contact({ to });
  expect(sends(address)).toBe(20);
  recordAttack({
    attack: 'one user, 200 numbers, 200 addresses',
    budget: 5,
    accepted: sends(user),
    sends: sends(user),
  });
  recordAttack({
    attack: 'one address, 200 numbers, nobody signed in, one hour',
    budget: 20,
    accepted: sends(address),
    sends: sends(address),
  });
});

/** Twilio refuses every send with one of these: an unknown number, a landline, Fraud Guard, a country that is switched off. */
const refusals = [60200, 60205, 60410, 60605];

it.each(refusals)(
  'sends that Twilio refuses with %i are tries: 60 of 500 from one address reach it, and 200 from a /48',
  async (code) => {
    // A landline that takes no text messages is called: Twilio is asked twice in one try.
    const calls = code === 60205 ? 2 : 1;
    const numbers = (['GB', 'DE', 'FR', 'ES', 'IT'] as const).flatMap((country) => numbersOf(country, 100, 7));
    const refusing = async () => {
      const stack = await createStack();
      stack.emulator.faults.add({ method: 'POST', path: '/Verifications', code, times: Infinity });
      return stack;
    };
    const one = await refusing();
    for (const to of numbers) await actor(one).contact({ to });
    expect(sends(one)).toBe(60 * calls);
    const network = await refusing();
    for (const [n, to] of numbers.entries())
      await actor(network, { address: `2001:db8:7:${n % 31}::1` }).contact({ to });
    expect(sends(network)).toBe(200 * calls);
    const user = await refusing();
    for (const [n, to] of numbers.entries())
      await actor(user, { user: 'mallory', address: addressOf(n) }).contact({ to });
    expect(sends(user)).toBe(60 * calls);
    recordAttack({
      attack: `500 sends of one address that Twilio refuses (${code}), one hour`,
      budget: 60 * calls,
      accepted: sends(one),
      note: `from 31 networks of one /48: ${sends(network)}; of one user: ${sends(user)}`,
    });
  },
);

it('one machine with an IPv6 /48 gets 100 codes for its own mail domain and 200 in all in an hour, and sign-ups by SMS go on', async () => {
  const stack = await createStack();
  for (let n = 0; n < 1000; n += 1)
    await actor(stack, { address: `2001:db8:7:${(n % 500).toString(16)}::1` }).contact({
      to: `m${n}@s${n}.evil.example`,
    });
  expect(sends(stack)).toBe(100);
  for (let n = 0; n < 1000; n += 1)
    await actor(stack, { address: `2001:db8:7:${(n % 500).toString(16)}::1` }).contact({
      to: `m${n}@evil${n}.example`,
    });
  expect(sends(stack)).toBe(200);
  const honest = numbersOf('GB', 200, 7).filter((_, n) => n % 10 === 0);
  const answers = await Promise.all(honest.map((to, n) => actor(stack, { address: addressOf(n) }).contact({ to })));
  expect(tally(answers.map(({ status }) => status))).toEqual({ 201: honest.length });
  recordAttack({
    attack: '2,000 e-mails from 500 networks of one /48, one hour',
    budget: 200,
    accepted: 200,
    sends: 200,
    note: `${honest.length} of ${honest.length} people get their text message meanwhile`,
  });
});

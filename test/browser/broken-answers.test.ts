/** A person whose page meets a backend that is newer, broken or somebody else: a sentence, the typed number kept, and another try that works. */
import { expect } from '@open-wc/testing';
import { EMAIL, PHONE, settled, twoFactor, verifyContact } from './support/element-user.js';
import { openStack, type CannedResponse } from './support/browser-stack.js';

const UNAVAILABLE = 'This isn’t working right now. Try again later.';
const OFFLINE = 'We can’t reach the server. Check your connection and try again.';

const challenge = {
  challenge: 'sealed',
  purpose: 'contact',
  to: '+1 415 555 2671',
  channel: 'sms',
  methods: [{ channel: 'sms', to: '+1 415 555 2671' }],
  codeLength: 6,
  expiresIn: 600,
  resendIn: 30,
};
const json = (body: object, status = 201): CannedResponse => {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
};
const problem = (code: string, more: object = {}) =>
  json({ type: `urn:verify-contact:problem:${code}`, title: '…', status: 429, code, ...more }, 429);

const answers: [name: string, response: CannedResponse, sentence: string][] = [
  ['a channel that it does not know', json({ ...challenge, channel: 'rcs' }), UNAVAILABLE],
  ['a code of 100 million digits', json({ ...challenge, codeLength: 1e8 }), UNAVAILABLE],
  ['a challenge for two-factor', json({ ...challenge, purpose: 'two-factor' }), UNAVAILABLE],
  ['a problem named __proto__', problem('__proto__'), UNAVAILABLE],
  ['a problem named constructor', problem('constructor'), UNAVAILABLE],
  ['a problem that it does not know', problem('number-on-the-moon'), UNAVAILABLE],
  ['a wait in words', problem('too-many-sends', { retryIn: 'soon' }), 'Too many codes were sent.'],
  ['a wait beyond all dates', problem('too-many-sends', { retryIn: 1e300 }), 'Too many codes were sent.'],
  [
    'tries that are no number',
    problem('blocked', { attemptsLeft: 'many' }),
    'We can’t send a code to this number or address right now. Try again later.',
  ],
  ['a page of HTML', { headers: { 'content-type': 'text/html' }, body: '<h1>Log in to the network</h1>' }, UNAVAILABLE],
  ['null', json(null as never), UNAVAILABLE],
  ['an endless body', { endless: true }, UNAVAILABLE],
];

describe('a page that gets', () => {
  const { error } = console;
  before(() => (console.error = () => undefined));
  after(() => (console.error = error));

  for (const [name, response, sentence] of answers) {
    it(`${name} says so in a sentence, keeps the number, and can send again`, async () => {
      const { endpoint, respondWith } = await openStack();
      const person = await verifyContact({ endpoint });
      await respondWith(response);
      await person.type('Phone number', PHONE.typed);
      await person.press('Send code');
      await person.told(sentence);
      expect(person.message).to.equal(sentence);
      await settled();
      expect(person.heard).to.deep.equal(['Sending the code …', sentence]);
      expect(person.field('Phone number').value).to.equal(PHONE.spelled);
      await respondWith(null);
      await person.press('Send code');
      await person.at('code');
    });
  }

  it('a way to send that it does not know offers the ways that it knows', async () => {
    const { endpoint, respondWith } = await openStack();
    const person = await verifyContact({ endpoint });
    const methods = ['sms', 'rcs', 'call'].map((channel) => ({ channel, to: challenge.to }));
    await respondWith(json({ ...challenge, methods }));
    await person.sends(PHONE.typed);
    const buttons = [...person.root.querySelectorAll('button')].map(({ textContent }) => textContent.trim());
    expect(buttons).to.deep.equal(['Submit code', 'Resend code', 'Call me instead', 'Change number']);
  });

  it('such an answer to a code keeps the step, and the next try succeeds', async () => {
    const { endpoint, respondWith, latestCode } = await openStack();
    const person = await verifyContact({ endpoint });
    await person.sends(PHONE.typed);
    await respondWith(json({ proof: 'a.b.c', expiresIn: 1e300, purpose: 'contact' }, 200));
    await person.submits(await latestCode(PHONE.value));
    await person.told(UNAVAILABLE);
    expect(person.element.value).to.equal(null);
    await respondWith(null);
    await person.press('Submit code');
    await person.at('verified');
  });

  it('such an answer to two-factor never waives it, and the next try succeeds', async () => {
    const { endpoint, respondWith } = await openStack({
      user: 'ada',
      verified: { phone: PHONE.value, email: EMAIL },
      twoFactorRequired: true,
    });
    await respondWith(json({ required: false, reason: 'a newer version' }, 200));
    const person = await twoFactor({ endpoint });
    await person.at('unavailable');
    expect(person.message).to.equal(UNAVAILABLE);
    await respondWith(null);
    await person.press('Try again');
    await person.at('code');
  });
});

describe('a redirect', () => {
  for (const [where, origin] of [
    ['to another origin', `http://elsewhere.localhost:${location.port}`],
    ['within the origin', location.origin],
  ]) {
    it(`${where} is not followed: the number stays here`, async () => {
      const elsewhere = await openStack();
      const allow = { 'access-control-allow-origin': '*', 'access-control-allow-headers': '*' };
      await elsewhere.respondWith({ ...json(challenge, 200), headers: allow });
      const { endpoint, respondWith, requests } = await openStack();
      const person = await verifyContact({ endpoint });
      for (const status of [307, 308]) {
        await respondWith({ status, headers: { location: `${origin}${elsewhere.endpoint}/contact` } });
        await person.type('Phone number', PHONE.typed);
        await person.press('Send code');
        await person.told(OFFLINE);
      }
      expect(await requests()).to.deep.equal(['POST /contact', 'POST /contact']);
      expect(await elsewhere.requests()).to.deep.equal([]);
      expect(person.field('Phone number').value).to.equal(PHONE.spelled);
    });
  }
});

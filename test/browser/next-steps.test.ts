/** What a person can do next: change a verified number, try again where that helps, and hear and know what goes on meanwhile. */
import { expect } from '@open-wc/testing';
import { httpClient, type Client, type FlowProblem } from '../../src/flow/index.js';
import { EMAIL, PHONE, settled, twoFactor, verifyContact } from './support/element-user.js';
import { openStack } from './support/browser-stack.js';

const ada = { user: 'ada', verified: { phone: PHONE.value, email: EMAIL }, twoFactorRequired: true };

/** The backend at this endpoint, which refuses to start two-factor with this problem. */
function refusing(endpoint: string, problem: FlowProblem): Client {
  return { ...httpClient({ endpoint }), twoFactor: () => Promise.resolve({ ok: false, problem }) };
}

const waits = (button: HTMLButtonElement) => button.getAttribute('aria-disabled') === 'true';

describe('a person who is verified', () => {
  it('can change the number, which is in the field, and has no proof until the next code', async () => {
    const { endpoint, latestCode } = await openStack();
    const person = await verifyContact({ endpoint });
    await person.sends(PHONE.typed);
    await person.submits(await latestCode(PHONE.value));
    await person.at('verified');
    await person.press('Change number');
    await person.at('contact');
    expect(person.element.value).to.equal(null);
    expect(person.field('Phone number').value).to.equal(PHONE.spelled);
    expect(person.focused).to.equal(person.field('Phone number'));
    expect(person.findButton('Go back')).to.equal(undefined);
  });

  it('by two-factor has no number to change', async () => {
    const { endpoint, latestCode } = await openStack(ada);
    const person = await twoFactor({ endpoint });
    await person.at('code');
    await person.submits(await latestCode(PHONE.value));
    await person.at('verified');
    expect(person.root.querySelectorAll('button')).to.have.length(0);
  });
});

describe('a user whose code cannot be sent', () => {
  it('for a while reads until when, and Try again waits with it and comes back', async () => {
    const { endpoint } = await openStack(ada);
    const client = refusing(endpoint, { code: 'too-many-sends', retryIn: 2 });
    const person = await twoFactor({ client });
    await person.told('Too many codes were sent. You can try again in 2 seconds.');
    expect(waits(person.button('Try again'))).to.equal(true);
    await person.press('Try again');
    expect(person.element.step).to.equal('unavailable');
    await person.told('You can try again now.');
    expect(waits(person.button('Try again'))).to.equal(false);
    expect(person.heard.at(-1)).to.equal('You can try again now.');
  });

  for (const code of ['not-available', 'unauthenticated', 'unsupported-channel'] as const)
    it(`(${code}) is not asked to try again in vain, but what to do`, async () => {
      const { endpoint } = await openStack(ada);
      const person = await twoFactor({ client: refusing(endpoint, { code }) });
      await person.at('unavailable');
      expect(person.message).to.match(/Ask for help\.|Sign in again\.|Use a different one\./);
      expect(person.root.querySelectorAll('button')).to.have.length(0);
      expect(person.root.querySelectorAll('slot[name=unavailable]')).to.have.length(1);
    });
});

describe('a person who only listens', () => {
  it('hears that the code is being sent and checked, and is in the field after a switch, whose label says what it is for', async () => {
    const { endpoint, latestCode, hold } = await openStack();
    const person = await verifyContact({ endpoint, type: 'email phone' });
    const form = () => person.root.querySelector('form')!;
    await person.press('Use a phone number instead');
    await settled();
    expect(person.focused).to.equal(person.field('Phone number'));
    let release = await hold();
    await person.type('Phone number', PHONE.typed);
    await person.press('Send code');
    expect(form().ariaBusy).to.equal('true');
    await release();
    await person.at('code');
    expect(form().ariaBusy).to.equal(null);
    release = await hold();
    await person.submits(await latestCode(PHONE.value));
    await settled();
    await release();
    await person.at('verified');
    await settled();
    expect(person.heard.filter(Boolean)).to.deep.equal([
      'Sending the code …',
      `Code sent to ${PHONE.shown}.`,
      'Checking the code …',
      `${PHONE.shown} is verified.`,
    ]);
  });

  it('hears that a field is required, of each field of an element that is', async () => {
    const { endpoint } = await openStack();
    const person = await verifyContact({ endpoint, required: true, type: 'phone email' });
    expect(person.field('Phone number').ariaRequired).to.equal('true');
    await person.press('Use an e-mail address instead');
    expect(person.field('E-mail address').ariaRequired).to.equal('true');
    await person.press('Use a phone number instead');
    await person.sends(PHONE.typed);
    expect(person.field('Code').ariaRequired).to.equal('true');
    person.element.required = false;
    await person.element.updateComplete;
    expect(person.field('Code').ariaRequired).to.equal('false');
  });
});

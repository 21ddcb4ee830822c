/** A signed-in user passes `<two-factor>`, on the real backend and the emulator. */
import { expect } from '@open-wc/testing';
import { CodeSentEvent, TwoFactorNotRequiredEvent, TwoFactorVerifiedEvent } from '../../src/index.js';
import { EMAIL, PHONE, settled, twoFactor, wrong } from './support/element-user.js';
import { openStack } from './support/browser-stack.js';

const both = { phone: PHONE.value, email: EMAIL };
const ada = { user: 'ada', verified: both, twoFactorRequired: true };

describe('<two-factor>', () => {
  it('sends a code to the verified phone when it is first visible, once, and accepts it', async () => {
    const { endpoint, latestCode, outbox } = await openStack(ada);
    const person = await twoFactor({ endpoint });
    await person.at('code');
    expect(person.sees).to.include('text message to •••• 71.');
    expect(await outbox()).to.have.length(1);
    await person.submits(await latestCode(PHONE.value));
    await person.at('verified');
    const [verified] = person.seen(TwoFactorVerifiedEvent);
    expect(verified?.channel).to.equal('sms');
    expect(verified?.proof).to.equal(person.element.value);
    expect(person.message).to.equal('The code is right.');
  });

  it('never reveals number and address', async () => {
    const { endpoint } = await openStack({ ...ada, twoFactor: { email: true } });
    const person = await twoFactor({ endpoint });
    await person.at('code');
    const words = person.root.innerHTML + JSON.stringify(person.seen(CodeSentEvent)) + JSON.stringify(sessionStorage);
    expect(words).not.to.include(PHONE.value.slice(1, 8));
    expect(words).not.to.include(EMAIL);
    expect(person.findButton('Change number')).to.equal(undefined);
  });

  it('offers the e-mail address and the way back, and the first code still works', async () => {
    const { endpoint, latestCode, outbox } = await openStack({ ...ada, twoFactor: { email: true } });
    const person = await twoFactor({ endpoint });
    await person.at('code');
    await person.press('Send to my e-mail instead');
    await person.at('code');
    expect(person.sees).to.include('a•••@e•••');
    await person.press('Send a text message instead');
    expect(person.sees).to.include('•••• 71');
    expect(await outbox()).to.have.length(2);
    expect(person.seen(CodeSentEvent).map(({ channel, resent }) => [channel, resent])).to.deep.equal([
      ['sms', false],
      // Another code: that of the phone still works.
      ['email', false],
    ]);
    await person.submits(await latestCode(PHONE.value));
    await person.at('verified');
  });

  it('verifies by e-mail after the switch', async () => {
    const { endpoint, latestCode } = await openStack({ ...ada, twoFactor: { email: true } });
    const person = await twoFactor({ endpoint });
    await person.at('code');
    await person.press('Send to my e-mail instead');
    await person.at('code');
    await person.submits(await latestCode(EMAIL));
    await person.at('verified');
    expect(person.seen(TwoFactorVerifiedEvent)[0]?.channel).to.equal('email');
  });

  it('offers no e-mail address if the application does not require a verified one', async () => {
    const { endpoint } = await openStack(ada);
    const person = await twoFactor({ endpoint });
    await person.at('code');
    expect(person.sees).not.to.include('e-mail');
  });

  it('sends nothing after a reload', async () => {
    const { endpoint, latestCode, requests } = await openStack(ada);
    const before = await twoFactor({ endpoint });
    await before.at('code');
    before.element.remove();
    const person = await twoFactor({ endpoint });
    await person.at('code');
    expect(await requests()).to.deep.equal(['POST /two-factor']);
    await person.submits(await latestCode(PHONE.value));
    await person.at('verified');
  });

  it('says that a code is wrong', async () => {
    const { endpoint, latestCode } = await openStack(ada);
    const person = await twoFactor({ endpoint });
    await person.at('code');
    await person.submits(wrong(await latestCode(PHONE.value)));
    await person.told('That code isn’t right. Check the digits. 3 tries left.');
  });
});

describe('the six responses to the start of two-factor', () => {
  it('nobody is signed in: the person is asked to sign in', async () => {
    const { endpoint, outbox } = await openStack();
    const person = await twoFactor({ endpoint });
    await person.at('unavailable');
    expect(person.message).to.equal('You’re no longer signed in. Sign in again.');
    expect(await outbox()).to.deep.equal([]);
  });

  it('not required: the element shows nothing, dispatches an event, and its form is valid', async () => {
    const { endpoint, outbox } = await openStack({ user: 'ada', verified: both });
    const person = await twoFactor({ endpoint, required: true });
    expect(person.element.checkValidity()).to.equal(false);
    await person.at('not-required');
    expect(person.seen(TwoFactorNotRequiredEvent)).to.have.length(1);
    expect(person.element.offsetHeight).to.equal(0);
    expect(person.element.checkValidity()).to.equal(true);
    expect(person.element.value).to.equal(null);
    expect(await outbox()).to.deep.equal([]);
  });

  it('required, with a phone: a text message', async () => {
    const { endpoint } = await openStack({ ...ada, twoFactor: { email: true } });
    const person = await twoFactor({ endpoint });
    await person.at('code');
    expect(person.seen(CodeSentEvent)[0]?.channel).to.equal('sms');
  });

  it('required, without a phone, e-mail allowed: an e-mail', async () => {
    const { endpoint } = await openStack({ ...ada, verified: { email: EMAIL }, twoFactor: { email: true } });
    const person = await twoFactor({ endpoint });
    await person.at('code');
    expect(person.sees).to.include('a•••@e•••');
  });

  it('required, without anything usable: a sentence and the slot of the page, never "not required"', async () => {
    const { endpoint } = await openStack({ ...ada, verified: { email: EMAIL } });
    const person = await twoFactor({ endpoint });
    await person.at('unavailable');
    expect(person.message).to.include('can’t send a code to any number or address of your account');
    expect(person.root.querySelector('slot[name=unavailable]')).not.to.equal(null);
    expect(person.seen(TwoFactorNotRequiredEvent)).to.deep.equal([]);
  });

  it('the backend fails: a sentence, and a button that works once it recovers', async () => {
    const { endpoint, network } = await openStack(ada);
    await network('down');
    const person = await twoFactor({ endpoint });
    await person.at('unavailable');
    expect(person.message).to.include('We can’t reach the server.');
    await network('up');
    await person.press('Try again');
    await person.at('code');
  });
});

describe('<two-factor> that is not visible', () => {
  it('sends nothing in a closed dialog, and sends when it opens', async () => {
    const { endpoint, requests } = await openStack(ada);
    const dialog = document.body.appendChild(document.createElement('dialog'));
    const person = await twoFactor({ endpoint }, dialog);
    await settled();
    expect(person.element.step).to.equal('starting');
    expect(await requests()).to.deep.equal([]);
    dialog.showModal();
    await person.at('code');
    dialog.close();
    dialog.showModal();
    await settled();
    expect(await requests()).to.deep.equal(['POST /two-factor']);
    dialog.remove();
  });

  it('sends nothing while it is disabled', async () => {
    const { endpoint, requests } = await openStack(ada);
    const fieldset = document.body.appendChild(document.createElement('fieldset'));
    fieldset.disabled = true;
    const person = await twoFactor({ endpoint }, fieldset);
    await settled();
    expect(await requests()).to.deep.equal([]);
    fieldset.disabled = false;
    await person.at('code');
    fieldset.remove();
  });

  it('sends when the page calls start()', async () => {
    const { endpoint } = await openStack(ada);
    const person = await twoFactor({ endpoint, hidden: true });
    await settled();
    expect(person.element.step).to.equal('starting');
    person.element.start();
    await person.at('code');
  });
});

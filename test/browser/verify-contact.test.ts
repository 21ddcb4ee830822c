/** A person verifies a number or an address with `<verify-contact>`, on the real backend and the emulator. */
import { expect } from '@open-wc/testing';
import { CodeSentEvent, ContactVerifiedEvent, ProblemEvent, StepChangeEvent } from '../../src/index.js';
import { EMAIL, OTHER, PHONE, settled, verifyContact, wrong } from './support/element-user.js';
import { openStack } from './support/browser-stack.js';

describe('<verify-contact>', () => {
  it('verifies a phone number', async () => {
    const { endpoint, latestCode } = await openStack();
    const person = await verifyContact({ endpoint });
    await person.sends(PHONE.typed);
    expect(person.sees).to.include(`text message to ${PHONE.shown}.`);
    await person.submits(await latestCode(PHONE.value));
    await person.at('verified');
    expect(person.message).to.equal(`${PHONE.shown} is verified.`);
    expect(person.element.value).to.match(/^ey/);
    const [verified] = person.seen(ContactVerifiedEvent);
    expect(verified?.contact).to.deep.equal({ type: 'phone', value: PHONE.value });
    expect(verified?.proof).to.equal(person.element.value);
  });

  it('verifies an e-mail address', async () => {
    const { endpoint, latestCode } = await openStack();
    const person = await verifyContact({ endpoint, type: 'email' });
    await person.sends(EMAIL, 'E-mail address');
    await person.submits(await latestCode(EMAIL));
    await person.at('verified');
    expect(person.seen(ContactVerifiedEvent)[0]?.contact).to.deep.equal({ type: 'email', value: EMAIL });
  });

  it('lets the person choose if the page accepts both, and keeps what was typed for each', async () => {
    const { endpoint, latestCode } = await openStack();
    const person = await verifyContact({ endpoint, type: 'email phone' });
    await person.type('E-mail address', EMAIL);
    await person.press('Use a phone number instead');
    await person.type('Phone number', PHONE.typed);
    await person.press('Use an e-mail address instead');
    expect(person.field('E-mail address').value).to.equal(EMAIL);
    await person.press('Use a phone number instead');
    expect(person.field('Phone number').value).to.equal(PHONE.spelled);
    await person.press('Send code');
    await person.at('code');
    await person.submits(await latestCode(PHONE.value));
    await person.at('verified');
  });

  it('goes back to the number entered before, whose code is still accepted', async () => {
    const { endpoint, latestCode, calls } = await openStack();
    const person = await verifyContact({ endpoint });
    await person.sends(PHONE.typed);
    expect(person.findButton('Go back')).to.equal(undefined);
    const code = await latestCode(PHONE.value);
    await person.press('Change number');
    expect(person.field('Phone number').value).to.equal(PHONE.spelled);
    await person.type('Phone number', '12');
    await person.press('Send code');
    await person.told('’t a valid phone number');
    const before = (await calls()).length;
    await person.press('Go back');
    expect(person.element.step).to.equal('code');
    expect(person.sees).to.include(PHONE.shown);
    expect(await calls()).to.have.length(before);
    await person.submits(code);
    await person.at('verified');
    expect(person.seen(ContactVerifiedEvent)[0]?.contact?.value).to.equal(PHONE.value);
  });

  it('goes back to the last number to which a code was sent; the first, typed again, needs no other message', async () => {
    const { endpoint, latestCode, outbox } = await openStack();
    const person = await verifyContact({ endpoint });
    await person.sends(PHONE.typed);
    const first = await latestCode(PHONE.value);
    await person.press('Change number');
    await person.sends(OTHER.typed);
    await person.press('Change number');
    await person.press('Go back');
    expect(person.sees).to.include(OTHER.shown);
    await person.press('Change number');
    await person.sends(PHONE.value);
    expect(await outbox()).to.have.length(2);
    await person.submits(first);
    await person.at('verified');
  });

  it('says that a code is wrong and how many tries are left, and selects it for typing over', async () => {
    const { endpoint, latestCode } = await openStack();
    const person = await verifyContact({ endpoint });
    await person.sends(PHONE.typed);
    const code = await latestCode(PHONE.value);
    await person.submits(wrong(code));
    await person.told('That code isn’t right. Check the digits. 3 tries left.');
    const field = person.field('Code');
    expect(field.getAttribute('aria-invalid')).to.equal('true');
    expect(person.focused).to.equal(field);
    expect([field.selectionStart, field.selectionEnd]).to.deep.equal([0, 6]);
    expect(person.seen(ProblemEvent).map(({ problem }) => problem.code)).to.deep.equal(['wrong-code']);
    await person.submits(code);
    await person.at('verified');
  });

  it('shows what is missing without a request', async () => {
    const { endpoint, requests } = await openStack();
    const person = await verifyContact({ endpoint });
    await person.press('Send code');
    expect(person.message).to.equal('Enter your phone number.');
    expect(person.focused).to.equal(person.field('Phone number'));
    await person.sends(PHONE.typed);
    await person.press('Submit code');
    expect(person.message).to.equal('Enter the code.');
    await person.submits('123');
    expect(person.message).to.equal('The code has 6 digits.');
    expect(await requests()).to.deep.equal(['POST /contact']);
  });

  it('sends once on a double click', async () => {
    const { endpoint, requests, outbox } = await openStack();
    const person = await verifyContact({ endpoint });
    await person.type('Phone number', PHONE.typed);
    person.button('Send code').click();
    person.button('Send code').click();
    await person.at('code');
    expect(await requests()).to.deep.equal(['POST /contact']);
    expect(await outbox()).to.have.length(1);
  });

  it('sends the code again after the wait, and not before', async () => {
    const { endpoint, requests } = await openStack();
    const person = await verifyContact({ endpoint });
    await person.sends(PHONE.typed);
    const resend = person.button('Resend code');
    expect(resend.getAttribute('aria-disabled')).to.equal('true');
    expect(resend.disabled).to.equal(false);
    resend.click();
    await settled();
    expect(await requests()).to.deep.equal(['POST /contact']);
    expect(person.heard.at(-1)).to.match(/^You can resend the code in \d+ seconds\.$/);
  });

  it('keeps number and step when the network fails, and continues when it is back', async () => {
    const { endpoint, network, latestCode } = await openStack();
    const person = await verifyContact({ endpoint });
    await network('down');
    await person.type('Phone number', PHONE.typed);
    await person.press('Send code');
    await person.told('We can’t reach the server.');
    expect(person.field('Phone number').value).to.equal(PHONE.spelled);
    await network('up');
    await person.press('Send code');
    await person.at('code');
    await person.type('Code', await latestCode(PHONE.value));
    await network('down');
    await person.press('Submit code');
    await person.told('We can’t reach the server.');
    await network('up');
    await person.press('Submit code');
    await person.at('verified');
  });

  it('shows every problem of the backend beside the field', async () => {
    const { endpoint } = await openStack();
    const person = await verifyContact({ endpoint });
    await person.type('Phone number', '+1 800 555 0199');
    await person.press('Send code');
    await person.told('We can’t send a code to this number or address.');
    expect(person.element.step).to.equal('contact');
  });

  it('ignores a response after a reset', async () => {
    const { endpoint, hold } = await openStack();
    const person = await verifyContact({ endpoint });
    const release = await hold();
    await person.type('Phone number', PHONE.typed);
    await person.press('Send code');
    expect(person.element.step).to.equal('sending');
    person.element.reset();
    await release();
    await settled();
    expect(person.element.step).to.equal('contact');
    expect(person.seen(CodeSentEvent)).to.deep.equal([]);
  });

  it('removed during a check and inserted again, asks for the code again', async () => {
    const { endpoint, hold, latestCode } = await openStack();
    const person = await verifyContact({ endpoint });
    await person.sends(PHONE.typed);
    const release = await hold();
    await person.submits(await latestCode(PHONE.value));
    const parent = person.element.parentElement!;
    person.element.remove();
    await settled();
    await release();
    parent.append(person.element);
    await person.at('code');
    expect(person.seen(ContactVerifiedEvent)).to.deep.equal([]);
  });

  it('continues after a reload, and its code still works', async () => {
    const { endpoint, latestCode, requests } = await openStack();
    const before = await verifyContact({ endpoint, id: 'contact' });
    await before.sends(PHONE.typed);
    before.element.remove();
    const person = await verifyContact({ endpoint, id: 'contact' });
    expect(person.element.step).to.equal('code');
    expect(person.sees).to.include(PHONE.shown);
    expect(await requests()).to.deep.equal(['POST /contact']);
    await person.press('Change number');
    expect(person.field('Phone number').value).to.equal(PHONE.spelled);
    person.element.remove();
    const again = await verifyContact({ endpoint, id: 'contact' });
    expect(again.element.step).to.equal('contact');
    await again.press('Go back');
    await again.submits(await latestCode(PHONE.value));
    await again.at('verified');
    again.element.remove();
    expect((await verifyContact({ endpoint, id: 'contact' })).element.step).to.equal('contact');
  });

  it('restores a stored challenge only in its own element', async () => {
    const { endpoint } = await openStack();
    await (await verifyContact({ endpoint, id: 'one' })).sends(PHONE.typed);
    expect((await verifyContact({ endpoint, id: 'two' })).element.step).to.equal('contact');
    expect((await verifyContact({ endpoint, id: 'one', context: 'order 7' })).element.step).to.equal('contact');
  });

  it('dispatches an event for each step, with its state already set', async () => {
    const { endpoint, latestCode } = await openStack();
    const person = await verifyContact({ endpoint });
    const states: boolean[] = [];
    person.element.addEventListener('step-change', ({ step }) =>
      states.push(person.element.matches(`:state(${step})`)),
    );
    await person.sends(PHONE.typed);
    await person.submits(await latestCode(PHONE.value));
    await person.at('verified');
    const steps = person.seen(StepChangeEvent).map(({ previous, step }) => `${previous} → ${step}`);
    expect(steps).to.deep.equal(['contact → sending', 'sending → code', 'code → checking', 'checking → verified']);
    expect(states).to.deep.equal([true, true, true, true]);
    const [sent] = person.seen(CodeSentEvent);
    expect([sent?.channel, sent?.to, sent?.resent]).to.deep.equal(['sms', PHONE.shown, false]);
  });

  it('opens with the contact and the country that the page sets', async () => {
    const person = await verifyContact({ contact: '2079460958', country: 'GB' });
    expect(person.field('Phone number').value).to.equal('2079460958');
    expect(person.root.querySelector('select')?.value).to.equal('GB');
  });

  it('shows a problem when there is no backend at the endpoint', async () => {
    const said: string[] = [];
    const { error } = console;
    console.error = (text: string) => said.push(text);
    const person = await verifyContact({ endpoint: '/nothing-here' });
    await person.type('Phone number', PHONE.typed);
    await person.press('Send code');
    await person.told('This isn’t working right now.');
    console.error = error;
    expect(said.join()).to.include('/nothing-here/contact');
  });
});

/** A page gives a proof back by `value`, as form libraries do: what is shown, what a form submits, and that no event is fired. */
import { expect, fixture, html } from '@open-wc/testing';
import type { AnyElement } from './support/element-user.js';
import { EMAIL, OTHER, PHONE, settled, twoFactor, verifyContact, type Person } from './support/element-user.js';
import { openStack, type Stack } from './support/browser-stack.js';

/** Verifies a contact in a page that is left afterwards; the proof is what the page keeps. */
async function keptProof({ endpoint, latestCode }: Stack, context?: string): Promise<string> {
  const person = await verifyContact({ endpoint, id: 'left', ...(context ? { context } : {}) });
  await person.sends(PHONE.typed);
  await person.submits(await latestCode(PHONE.value));
  await person.at('verified');
  const { value } = person.element;
  person.element.remove();
  return value!;
}

const questions = async ({ requests }: Stack) => (await requests()).filter((one) => one === 'POST /proof').length;

/** Waits until the question of this page was answered, or would have been sent. */
async function answered(stack: Stack, times = 1): Promise<void> {
  for (let n = 0; n < 20; n++) {
    await settled();
    if ((await questions(stack)) >= times) break;
  }
  await settled();
}

describe('a proof that the page gives back', () => {
  it('is the value once the backend has confirmed it; the form submits it, and no event says so', async () => {
    const stack = await openStack();
    const proof = await keptProof(stack);
    const form = await fixture<HTMLFormElement>(html`<form></form>`);
    const person = await verifyContact({ endpoint: stack.endpoint, name: 'proof', required: true }, form);
    person.element.value = proof;
    expect(person.element.value).to.equal(null);
    expect(form.checkValidity()).to.equal(false);
    await person.at('verified');
    expect(person.element.value).to.equal(proof);
    expect(new FormData(form).get('proof')).to.equal(proof);
    expect(form.checkValidity()).to.equal(true);
    expect(person.message).to.equal(`${PHONE.shown} is verified.`);
    expect(person.events).to.deep.equal([]);
    person.element.value = proof;
    await answered(stack, 2);
    expect(await questions(stack)).to.equal(1);
  });

  it('leaves a verified element without a value at once, until it is confirmed', async () => {
    const stack = await openStack();
    const proof = await keptProof(stack);
    const form = await fixture<HTMLFormElement>(html`<form></form>`);
    const person = await verifyContact({ endpoint: stack.endpoint, name: 'proof' }, form);
    await person.sends(OTHER.typed);
    await person.submits(await stack.latestCode(OTHER.value));
    await person.at('verified');
    const before = person.events.length;
    person.element.value = proof;
    expect([person.element.value, [...new FormData(form)]]).to.deep.equal([null, []]);
    await person.at('verified');
    expect([person.element.value, person.message]).to.deep.equal([proof, `${PHONE.shown} is verified.`]);
    expect(person.events.length).to.equal(before);
  });

  it('is asked about once, and takes nothing away when it is written again after a person has verified another', async () => {
    const stack = await openStack();
    const person = await verifyContact({ endpoint: stack.endpoint });
    person.element.value = 'not.a.proof';
    person.element.value = 'not.a.proof';
    await answered(stack);
    await person.sends(OTHER.typed);
    await person.submits(await stack.latestCode(OTHER.value));
    await person.at('verified');
    const { value } = person.element;
    person.element.value = 'not.a.proof';
    await answered(stack, 2);
    expect([person.element.value, await questions(stack)]).to.deep.equal([value, 1]);
  });

  it('may be set before the element is in the page, and before its attributes are', async () => {
    const stack = await openStack();
    const proof = await keptProof(stack, 'order 7');
    const element = document.createElement('verify-contact');
    element.value = proof;
    const form = await fixture<HTMLFormElement>(html`<form></form>`);
    form.append(element);
    element.endpoint = stack.endpoint;
    element.context = 'order 7';
    await answered(stack);
    expect(element.step).to.equal('verified');
    expect(element.value).to.equal(proof);
  });

  it('may be set before the script has defined the element', async () => {
    const stack = await openStack();
    const proof = await keptProof(stack);
    const { VerifyContactElement } = await import('../../src/index.js');
    const early = document.createElement('late-contact') as unknown as Person['element'];
    early.setAttribute('endpoint', stack.endpoint);
    Object.assign(early, { value: proof, disabled: false });
    (await fixture<HTMLElement>(html`<div></div>`)).append(early);
    customElements.define('late-contact', class extends VerifyContactElement {});
    await answered(stack);
    expect(early.value).to.equal(proof);
    early.disabled = true;
    expect(early.hasAttribute('disabled')).to.equal(true);
  });

  for (const [what, attributes] of [
    ['another type', { type: 'email' }],
    ['another country', { countries: 'GB DE' }],
    ['another context', { context: 'order 8' }],
  ] as const)
    it(`is not believed by an element that asks for ${what}`, async () => {
      const stack = await openStack();
      const proof = await keptProof(stack);
      const person = await verifyContact({ endpoint: stack.endpoint, ...attributes });
      person.element.value = proof;
      await answered(stack);
      expect(person.element.step).to.equal('contact');
      expect(person.element.value).to.equal(null);
      expect(person.message).to.equal('');
      expect(person.events).to.deep.equal([]);
    });

  it('is ignored by a page whose backend does not know the question', async () => {
    const stack = await openStack();
    const proof = await keptProof(stack);
    await stack.respondWith({ status: 404, body: '<h1>Not found</h1>' });
    const person = await verifyContact({ endpoint: stack.endpoint });
    person.element.value = proof;
    await answered(stack);
    await stack.respondWith(null);
    expect([person.element.step, person.message]).to.deep.equal(['contact', '']);
    await person.sends(OTHER.typed);
  });

  it('is no second factor: <two-factor> asks nobody and holds none', async () => {
    const stack = await openStack({ user: 'ada', verified: { phone: PHONE.value }, twoFactorRequired: true });
    const person = await twoFactor({ endpoint: stack.endpoint });
    await person.at('code');
    person.element.value = 'a.made.up';
    await settled();
    expect(person.element.value).to.equal(null);
    expect(await questions(stack)).to.equal(0);
  });
});

describe('an empty value', () => {
  const values: (string | null | undefined)[] = ['', null, undefined];
  for (const empty of values)
    it(`(${JSON.stringify(empty)}) clears a verified element without an event, and is ignored in every other step`, async () => {
      const stack = await openStack();
      const form = await fixture<HTMLFormElement>(html`<form></form>`);
      const person = await verifyContact({ endpoint: stack.endpoint, name: 'proof', type: 'phone email' }, form);
      const write = (element: AnyElement) => (element.value = empty);
      write(person.element);
      await person.type('Phone number', PHONE.typed);
      write(person.element);
      expect(person.field('Phone number').value).to.equal(PHONE.spelled);
      await person.press('Send code');
      await person.at('code');
      write(person.element);
      expect(person.element.step).to.equal('code');
      await person.submits(await stack.latestCode(PHONE.value));
      await person.at('verified');
      const before = person.events.length;
      write(person.element);
      expect([person.element.step, person.element.value]).to.deep.equal(['contact', null]);
      expect([...new FormData(form)]).to.deep.equal([]);
      await person.element.updateComplete;
      expect(person.field('Phone number').value).to.equal('');
      expect(person.events.length).to.equal(before);
      expect(await questions(stack)).to.equal(0);
    });
});

it('a proof of an address is taken back by an element that asks for either, and shows it', async () => {
  const stack = await openStack();
  const left = await verifyContact({ endpoint: stack.endpoint, type: 'email', id: 'left' });
  await left.sends(EMAIL, 'E-mail address');
  await left.submits(await stack.latestCode(EMAIL));
  await left.at('verified');
  const person = await verifyContact({ endpoint: stack.endpoint, type: 'phone email', countries: 'GB' });
  person.element.value = left.element.value;
  await person.at('verified');
  expect(person.message).to.equal(`${EMAIL} is verified.`);
});

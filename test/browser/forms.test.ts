/** Both elements as form controls: the proof is the value, and a required element is valid only with a proof. */
import { expect, fixture, html } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import { EMAIL, PHONE, twoFactor, verifyContact, type Person } from './support/element-user.js';
import { openStack } from './support/browser-stack.js';

interface Case {
  tag: string;
  /** Opens an element in the code step, with its code. */
  open(attributes: object, form: HTMLElement): Promise<{ person: Person; code: string }>;
}

const cases: Case[] = [
  {
    tag: 'verify-contact',
    async open(attributes, form) {
      const { endpoint, latestCode } = await openStack();
      const person = await verifyContact({ endpoint, ...attributes }, form);
      await person.sends(PHONE.typed);
      return { person, code: await latestCode(PHONE.value) };
    },
  },
  {
    tag: 'two-factor',
    async open(attributes, form) {
      const { endpoint, latestCode } = await openStack({
        user: 'ada',
        verified: { phone: PHONE.value, email: EMAIL },
        twoFactorRequired: true,
      });
      const person = await twoFactor({ endpoint, ...attributes }, form);
      await person.at('code');
      return { person, code: await latestCode(PHONE.value) };
    },
  },
];

customElements.define(
  'bare-control',
  class extends HTMLElement {
    static readonly formAssociated = true;
    constructor() {
      super();
      this.attachInternals().setValidity({ valueMissing: true }, 'Missing.');
    }
  },
);

describe('a key in the phone field', () => {
  it('validates the element once', async () => {
    const { endpoint } = await openStack();
    const person = await verifyContact({ endpoint, required: true });
    await person.type('Phone number', '4');
    const { setValidity } = ElementInternals.prototype;
    let validations = 0;
    ElementInternals.prototype.setValidity = function (...values) {
      validations++;
      setValidity.apply(this, values);
    };
    try {
      await person.append('15');
    } finally {
      ElementInternals.prototype.setValidity = setValidity;
    }
    expect(validations).to.equal(2);
  });
});

const page = () => fixture<HTMLFormElement>(html`<form></form>`);

for (const { tag, open } of cases) {
  describe(`<${tag}> in a form`, () => {
    it('submits the proof under its name, and nothing before', async () => {
      const form = await page();
      const { person, code } = await open({ name: 'proof' }, form);
      expect([...new FormData(form)]).to.deep.equal([]);
      let atChange: FormDataEntryValue | null = null;
      form.addEventListener('change', () => (atChange = new FormData(form).get('proof')));
      await person.submits(code);
      await person.at('verified');
      expect(new FormData(form).get('proof')).to.equal(person.element.value);
      expect(atChange).to.equal(person.element.value);
      expect(person.element.form).to.equal(form);
    });

    it('submits nothing without a name', async () => {
      const form = await page();
      const { person, code } = await open({}, form);
      await person.submits(code);
      await person.at('verified');
      expect([...new FormData(form)]).to.deep.equal([]);
    });

    it('makes the form invalid if it is required, until the code was right', async () => {
      const form = await page();
      const { person, code } = await open({ required: true }, form);
      expect(form.checkValidity()).to.equal(false);
      expect(person.element.validity.valueMissing).to.equal(true);
      expect(person.element.validationMessage).to.equal('Finish the verification first.');
      (document.activeElement as HTMLElement).blur();
      form.reportValidity();
      expect(person.focused).to.equal(person.field('Code'));
      await person.submits(code);
      await person.at('verified');
      expect(form.checkValidity()).to.equal(true);
    });

    it('is valid if it is not required', async () => {
      const form = await page();
      await open({}, form);
      expect(form.checkValidity()).to.equal(true);
    });

    it('takes a message of the page, as a native control does', async () => {
      const form = await page();
      const { person } = await open({}, form);
      person.element.setCustomValidity('Not this one.');
      expect(person.element.validationMessage).to.equal('Not this one.');
      expect(form.checkValidity()).to.equal(false);
      person.element.setCustomValidity('');
      expect(form.checkValidity()).to.equal(true);
    });

    it('forgets everything when the form is reset', async () => {
      const form = await page();
      const { person, code } = await open({ name: 'proof', required: true }, form);
      await person.submits(code);
      await person.at('verified');
      form.reset();
      expect(person.element.value).to.equal(null);
      expect([...new FormData(form)]).to.deep.equal([]);
      expect(form.checkValidity()).to.equal(false);
      await person.element.updateComplete;
      expect(person.findButton('Go back')).to.equal(undefined);
    });

    it('can be disabled, by itself and by a fieldset, and then does nothing', async () => {
      const form = await page();
      const fieldset = form.appendChild(document.createElement('fieldset'));
      const { person } = await open({ required: true }, fieldset);
      fieldset.disabled = true;
      await person.element.updateComplete;
      expect(person.field('Code').disabled).to.equal(true);
      expect(person.button('Submit code').disabled).to.equal(true);
      expect(person.element.willValidate).to.equal(false);
      fieldset.disabled = false;
      person.element.disabled = true;
      await person.element.updateComplete;
      expect(person.button('Resend code').disabled).to.equal(true);
      expect(form.checkValidity()).to.equal(true);
    });

    it('keeps Enter to itself: the outer form is not submitted', async () => {
      const form = await page();
      let submitted = false;
      form.addEventListener('submit', (event) => {
        event.preventDefault();
        submitted = true;
      });
      form.append(document.createElement('button'));
      const { person, code } = await open({}, form);
      await person.type('Code', code);
      await sendKeys({ press: 'Enter' });
      await person.at('verified');
      expect(submitted).to.equal(false);
    });

    it('lets no event out that contains what is typed', async () => {
      const form = await page();
      const { person, code } = await open({}, form);
      const leaked: string[] = [];
      for (const kind of ['input', 'beforeinput', 'submit']) form.addEventListener(kind, () => leaked.push(kind));
      await person.submits(code);
      await person.at('verified');
      expect(leaked).to.deep.equal([]);
      expect(person.events.map((event) => JSON.stringify(event)).join()).not.to.include(code);
    });

    it('is :user-invalid when any form-associated element of this engine is, before and after a reset', async () => {
      const form = await page();
      // Engines that match it only on native controls match neither here.
      const bare = form.appendChild(document.createElement('bare-control'));
      const { person } = await open({ required: true, name: 'proof' }, form);
      const alike = (when: string) => {
        const [expected, ours] = [bare, person.element].map((control) => control.matches(':user-invalid'));
        expect(ours, when).to.equal(expected);
      };
      alike('at first');
      form.requestSubmit();
      alike('after an attempt to submit');
      form.reset();
      alike('after a reset');
    });

    it('is focused by its label, and by focus()', async () => {
      const form = await page();
      const { person } = await open({ id: 'field' }, form);
      const label = form.appendChild(document.createElement('label'));
      label.htmlFor = 'field';
      label.click();
      expect(person.focused).to.equal(person.field('Code'));
    });
  });
}

it('Enter in the phone field sends the code, and the outer form is not submitted', async () => {
  const form = await page();
  let submitted = false;
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    submitted = true;
  });
  form.append(document.createElement('button'));
  const { endpoint } = await openStack();
  const person = await verifyContact({ endpoint }, form);
  await person.type('Phone number', PHONE.typed);
  await sendKeys({ press: 'Enter' });
  await person.at('code');
  expect(submitted).to.equal(false);
});

it('an expired contact proof makes the form invalid again, with a sentence, and keeps the contact', async () => {
  const { endpoint, latestCode } = await openStack({ contactProofLifetime: 1 });
  const form = await page();
  const person = await verifyContact({ endpoint, required: true, name: 'proof' }, form);
  await person.sends(PHONE.typed);
  await person.submits(await latestCode(PHONE.value));
  await person.at('verified');
  await person.at('contact');
  expect(person.message).to.equal('Too much time has passed. Verify again.');
  expect(person.field('Phone number').value).to.equal(PHONE.spelled);
  expect(form.checkValidity()).to.equal(false);
  expect([...new FormData(form)]).to.deep.equal([]);
});

/** The elements in pages that other people and other programs write: labels, dialogs, sandboxed frames, translators, two elements with one name. */
import { aTimeout, expect, fixture, html } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import { PHONE, settled, twoFactor, verifyContact, wrong, type Person } from './support/element-user.js';
import { openStack } from './support/browser-stack.js';
import { until } from './support/until.js';

/** What the console is told while `act` runs. */
async function warnings(act: () => Promise<unknown>): Promise<string[]> {
  const { warn } = console;
  const said: string[] = [];
  console.warn = (text: string) => void said.push(text);
  try {
    await act();
  } finally {
    console.warn = warn;
  }
  return said;
}

describe('the focus', () => {
  it('that a label or focus() gives to the element is in the field, not on the list of countries before it', async () => {
    const page = await fixture<HTMLElement>(html`<div><label for="phone">Your phone</label></div>`);
    const person = await verifyContact({ id: 'phone' }, page);
    person.element.focus();
    expect(person.focused).to.equal(person.field('Phone number'));
    person.element.blur();
    page.querySelector('label')!.click();
    expect(person.focused).to.equal(person.field('Phone number'));
  });

  it('is in the field when a dialog with an element that has autofocus opens, not on the Close button before it', async () => {
    const dialog = await fixture<HTMLDialogElement>(html`<dialog><button>Close</button></dialog>`);
    const person = await verifyContact({ autofocus: '' }, dialog);
    dialog.showModal();
    expect(document.activeElement).to.equal(person.element);
    expect(person.focused).to.equal(person.field('Phone number'));
    dialog.close();
  });

  it('is in the field for the code, too', async () => {
    const { endpoint } = await openStack({ user: 'ada', verified: { phone: PHONE.value }, twoFactorRequired: true });
    const person = await twoFactor({ endpoint });
    await person.at('code');
    person.element.focus();
    expect(person.focused).to.equal(person.field('Code'));
  });

  it('is not taken by an element that the page did not give it to', async () => {
    const person = await verifyContact({});
    person.element.requestUpdate();
    await settled();
    await aTimeout(50);
    expect(document.activeElement).to.equal(document.body);
  });
});

/** Puts the text of an element into `<font>` elements, as Google's translator does. */
function translate(root: ShadowRoot): void {
  const texts: Text[] = [];
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) if (walker.currentNode.textContent?.trim()) texts.push(walker.currentNode as Text);
  for (const text of texts) {
    if (text.parentElement?.closest('style, option')) continue;
    const [outer, inner] = [document.createElement('font'), document.createElement('font')];
    inner.textContent = `» ${text.data.trim()}`;
    outer.append(inner);
    text.replaceWith(outer);
  }
}

it('on a page that a translator has rewritten, countdown, tries and buttons stay alive', async () => {
  const { endpoint, latestCode, advance } = await openStack();
  const person: Person = await verifyContact({ endpoint });
  const enter = async (text: string) => {
    translate(person.root);
    const field = person.root.querySelector('input')!;
    field.focus();
    field.select();
    await sendKeys({ type: text });
    person.root.querySelector<HTMLButtonElement>('[part=button]')!.click();
  };
  translate(person.root);
  expect(person.sees).to.include('» Send code');
  await enter(PHONE.typed);
  await person.at('code');
  translate(person.root);
  const countdown = () => /You can resend the code in (\d+) seconds/.exec(person.sees)?.[1];
  await until(countdown, 'No countdown is shown');
  const before = countdown();
  await until(() => countdown() !== before, 'The countdown stands still');
  const code = await latestCode(PHONE.value);
  for (const left of [3, 2]) {
    await enter(wrong(code));
    await person.told(`${left} tries left.`);
    await advance(60);
  }
  expect(person.root.querySelectorAll('p.said')).to.have.length(1);
});

describe('in a sandboxed frame without allow-forms', () => {
  for (const way of ['a press on the button', 'Enter in the field'])
    it(`${way} sends the code`, async () => {
      const { endpoint, requests } = await openStack();
      const frame = document.createElement('iframe');
      frame.setAttribute('sandbox', 'allow-scripts allow-same-origin');
      frame.src = endpoint.replace(/verify$/, 'strict-page');
      document.body.append(frame);
      const page = frame.contentWindow!;
      await until(() => page.document.querySelector('verify-contact:defined'), 'The page has no elements');
      const element = page.document.querySelector('verify-contact')!;
      await element.updateComplete;
      const field = element.shadowRoot!.querySelector('input')!;
      field.focus();
      field.value = PHONE.value;
      field.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }));
      await element.updateComplete;
      if (way.startsWith('Enter')) await sendKeys({ press: 'Enter' });
      else element.shadowRoot!.querySelector<HTMLButtonElement>('[part=button]')!.click();
      await until(() => element.step === 'code', 'No code is sent');
      expect((await requests()).filter((one) => one === 'POST /contact')).to.have.length(1);
      frame.remove();
    });
});

describe('two elements of one page that would keep what is typed in one place', () => {
  it('do not when they have names, ask for different things, or follow each other', async () => {
    const said = await warnings(async () => {
      const parent = await fixture<HTMLElement>(html`<div></div>`);
      await verifyContact({ name: 'home' }, parent);
      await verifyContact({ name: 'work' }, parent);
      await verifyContact({ name: 'work', type: 'email' }, parent);
      const first = await verifyContact({ name: 'again' }, parent);
      first.element.remove();
      parent.append(first.element);
      first.element.remove();
      await verifyContact({ name: 'again' }, parent);
      await aTimeout(300);
    });
    expect(said).to.deep.equal([]);
  });

  it('say so on the console, once', async () => {
    const said = await warnings(async () => {
      const parent = await fixture<HTMLElement>(html`<div></div>`);
      for (let n = 0; n < 3; n++) await verifyContact({ name: 'same' }, parent);
      await settled();
      await aTimeout(300);
    });
    expect(said).to.deep.equal([
      'verify-contact: two <verify-contact> keep what is typed in one place. Give each a "name" or an "id".',
    ]);
  });
});

it('what was typed for a phone is not restored into an element of the same name that asks for e-mail', async () => {
  const { endpoint } = await openStack();
  const first = await verifyContact({ endpoint, name: 'proof', type: 'phone' });
  await first.sends(PHONE.typed);
  first.element.remove();
  const second = await verifyContact({ endpoint, name: 'proof', type: 'email' });
  expect(second.element.step).to.equal('contact');
  expect(second.field('E-mail address').value).to.equal('');
  second.element.remove();
  const third = await verifyContact({ endpoint, name: 'proof', type: 'phone' });
  expect(third.element.step).to.equal('code');
});

/** The phone field edits like a plain field: the caret, the keys for deletion, undo, input methods, autofill and the clipboard. */
import { expect } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import examples from 'libphonenumber-js/mobile/examples';
import { getCountryCallingCode, getExampleNumber, type CountryCode } from 'libphonenumber-js/min';
import { loadPlans } from '../../src/elements/fields/phone-plans.js';
import { openStack } from './support/browser-stack.js';
import { control, paste, PHONE, settled, undo, verifyContact, type Person } from './support/element-user.js';
import { until } from './support/until.js';

const countries = 'US GB DE FR IT ES PT NL BE CH AT SE NO PL CZ GR TR RU UA IN CN JP KR BR MX'.split(
  ' ',
) as CountryCode[];

let person: Person;
let field: HTMLInputElement;

async function open(attributes: object = {}): Promise<void> {
  person = await verifyContact(attributes);
  field = person.field('Phone number');
  field.focus();
  await settled();
}

const selected = () => person.root.querySelector('select')!.value;
const digits = (text: string) => text.replace(/\D/g, '');
const digitsBefore = () => digits(field.value.slice(0, field.selectionStart!)).length;
const isWebKit = /AppleWebKit(?!.*Chrome)/.test(navigator.userAgent);

async function redo(): Promise<void> {
  if (isWebKit) document.execCommand('redo');
  else if (navigator.userAgent.includes('Mac')) await control('Z');
  else await control('y');
}

describe('the phone field, while a number is edited', () => {
  for (const country of countries) {
    it(`keeps the caret after each insertion and deletion in a number of ${country}`, async () => {
      const number = getExampleNumber(country, examples)!;
      await open({ country, contact: number.formatNational() });
      await loadPlans(getCountryCallingCode(country));
      await settled();
      const { value } = field;
      for (let at = 1; at < value.length; at += 2) {
        field.setSelectionRange(at, at);
        const before = digitsBefore();
        await sendKeys({ press: '5' });
        expect([at, digitsBefore()], 'after an insertion').to.deep.equal([at, before + 1]);
        await sendKeys({ press: 'Backspace' });
        expect([at, digitsBefore(), field.value], 'after Backspace').to.deep.equal([at, before, value]);
        if (!/\d/.test(value.slice(at))) continue;
        const removed = digits(value.slice(at))[0]!;
        await sendKeys({ press: 'Delete' });
        expect([at, digitsBefore()], 'after Delete').to.deep.equal([at, before]);
        expect(digits(field.value)).to.have.length(digits(value).length - 1);
        await sendKeys({ press: removed });
        expect(field.value).to.equal(value);
      }
    });
  }

  it('is emptied by Delete, and by Control with Delete, from its start', async () => {
    await open({ contact: '(415) 555-2671' });
    field.setSelectionRange(0, 0);
    for (let left = 9; left >= 0; left--) {
      await sendKeys({ press: 'Delete' });
      expect(digits(field.value)).to.have.length(left);
    }
    await sendKeys({ type: '4155552671' });
    field.setSelectionRange(0, 0);
    for (let n = 0; n < 5 && field.value; n++) await control('Delete');
    if (!isWebKit) expect(field.value).to.equal('');
  });

  it('undoes and redoes what was typed, with the spelling', async () => {
    await open();
    await sendKeys({ type: '4155552671' });
    const seen = [field.value];
    for (let n = 0; n < 20 && field.value; n++) {
      await undo();
      seen.push(field.value);
    }
    expect(field.value).to.equal('');
    for (let n = 0; n < 20 && field.value !== '(415) 555-2671'; n++) await redo();
    expect(field.value).to.equal('(415) 555-2671');
    await person.element.updateComplete;
    expect(field.value).to.equal('(415) 555-2671');
  });

  it('undoes a paste, and selects the country again that was selected before it', async () => {
    await open({ country: 'US' });
    await sendKeys({ type: '41' });
    await paste(field, '+49 1512 3456789');
    await until(() => field.value === '+49 1512 3456789');
    expect(selected()).to.equal('DE');
    for (let n = 0; n < 4 && field.value !== '41'; n++) await undo();
    expect([field.value, selected()]).to.deep.equal(['41', 'US']);
    for (let n = 0; n < 4 && field.value !== '+49 1512 3456789'; n++) await redo();
    expect([field.value, selected()]).to.deep.equal(['+49 1512 3456789', 'DE']);
  });

  it('keeps the second line of a paste apart, and undoes the paste', async () => {
    await open({ country: 'AT' });
    await paste(field, '0664 173376\n5');
    await settled();
    expect(field.value).to.equal('0664 173376\t5');
    await undo();
    expect(field.value).to.equal('');
  });

  it('replaces a number by a whole one that is pasted before it', async () => {
    await open({ contact: PHONE.spelled });
    await until(() => field.value === PHONE.spelled);
    field.setSelectionRange(0, 0);
    await paste(field, '+49 1512 3456789');
    await until(() => field.value === '+49 1512 3456789');
    expect(selected()).to.equal('DE');
  });

  it('undoes a deletion', async () => {
    await open({ contact: '(415) 555-2671' });
    field.setSelectionRange(5, 5);
    await sendKeys({ press: 'Delete' });
    expect(field.value).to.equal('(415) 552-671');
    await undo();
    expect(field.value).to.equal('(415) 555-2671');
  });

  it('sends the whole number when the person presses Enter with a part of it selected', async () => {
    const stack = await openStack();
    await open({ contact: PHONE.spelled, endpoint: stack.endpoint });
    await until(() => field.value === PHONE.spelled);
    field.setSelectionRange(6, 9);
    await sendKeys({ press: 'Enter' });
    await person.at('code');
    expect(person.sees).to.contain(PHONE.shown);
  });

  it('keeps what is selected when a key neither deletes nor types', async () => {
    await open({ contact: PHONE.spelled });
    await until(() => field.value === PHONE.spelled);
    const others = 'insertLineBreak historyUndo historyRedo insertFromDrop insertFromYank insertTranspose formatBold';
    for (const inputType of others.split(' ')) {
      field.setSelectionRange(6, 9);
      const event = new InputEvent('beforeinput', { inputType, bubbles: true, composed: true, cancelable: true });
      field.dispatchEvent(event);
      expect([inputType, event.defaultPrevented, field.value]).to.deep.equal([inputType, false, PHONE.spelled]);
    }
  });

  for (const [country, number, caret, key] of [
    ['US', '4155552671', 3, '7'],
    ['KR', '010-2008-7922', 1, 'Backspace'],
  ] as const) {
    it(`undoes and redoes ${key} in a number of ${country} step by step, and never to another number`, async () => {
      await open({ country });
      await sendKeys({ type: number });
      const before = digits(field.value);
      field.setSelectionRange(caret, caret);
      await sendKeys({ press: key });
      const after = digits(field.value);
      expect(after).not.to.equal(before);
      await undo();
      expect(digits(field.value)).to.equal(before);
      await undo();
      const earlier = digits(field.value);
      expect(before.startsWith(earlier), `${earlier} is the beginning of ${before}`).to.equal(true);
      await redo();
      await redo();
      expect([before, after]).to.contain(digits(field.value));
    });
  }

  it('spells what an input method commits, without another event', async () => {
    await open({ country: 'JP' });
    field.dispatchEvent(new CompositionEvent('compositionstart', { bubbles: true, composed: true }));
    field.value = '０９０１２３４５６７８';
    const part = { inputType: 'insertCompositionText', bubbles: true, composed: true, isComposing: true };
    field.dispatchEvent(new InputEvent('input', part));
    expect(field.value, 'nothing is changed under an input method').to.equal('０９０１２３４５６７８');
    field.dispatchEvent(new CompositionEvent('compositionend', { bubbles: true, composed: true }));
    expect(field.value).to.equal('090-1234-5678');
  });

  for (const [text, country, spelled] of [
    ['+14155552671', 'US', '+1 415 555 2671'],
    ['4155552671', 'US', '(415) 555-2671'],
    ['+1', 'US', '+1'],
    ['tel:+49-1512-3456789', 'DE', '+49 1512 3456789'],
    ['+44 7400 123456,', 'GB', '+44 7400 123456'],
  ]) {
    it(`spells ${text} that the browser or dictation fills in`, async () => {
      for (const inputType of ['', 'insertReplacementText']) {
        await open();
        field.value = text!;
        field.dispatchEvent(new InputEvent('input', { inputType, bubbles: true, composed: true }));
        await until(() => field.value === spelled);
        expect(selected()).to.equal(country);
      }
    });
  }

  it('moves a number that was filled in to the country that was filled in after it', async () => {
    await open();
    const select = person.root.querySelector('select')!;
    select.value = 'GB';
    select.dispatchEvent(new Event('input', { bubbles: true, composed: true }));
    field.value = '07400123456';
    field.dispatchEvent(new Event('input', { bubbles: true, composed: true }));
    await until(() => field.value === '07400 123456');
    expect(selected()).to.equal('GB');
  });

  for (const [text, country, spelled] of [
    ['+447400123456', 'GB', '+44 7400 123456'],
    ['4155552671', 'US', '(415) 555-2671'],
  ]) {
    it(`spells ${text} that the browser fills in before the field ever had the focus, and shows its country`, async () => {
      person = await verifyContact({});
      field = person.field('Phone number');
      await until(() => person.root.querySelectorAll('option').length > 200);
      field.value = text!;
      field.dispatchEvent(new Event('input', { bubbles: true, composed: true }));
      field.dispatchEvent(new Event('change', { bubbles: true }));
      await until(() => field.value === spelled && selected() === country);
      expect(person.focused).to.equal(null);
    });
  }

  it('keeps a number that was filled in when its calling code is filled in after it', async () => {
    await open();
    field.value = '+447400123456';
    field.dispatchEvent(new Event('input', { bubbles: true, composed: true }));
    await until(() => selected() === 'GB');
    const select = person.root.querySelector('select')!;
    const option = [...select.options].find((one) => one.text.endsWith('+44'))!;
    option.selected = true;
    for (const type of ['input', 'change']) select.dispatchEvent(new Event(type, { bubbles: true, composed: true }));
    await settled();
    expect(digits(field.value)).to.equal('447400123456');
  });

  it('tells the browser which part of a number belongs where', async () => {
    await open();
    const tokens = ['select', 'input'].map((name) => person.root.querySelector(name)!.getAttribute('autocomplete'));
    expect(tokens).to.deep.equal(['tel-country-code', 'tel']);
  });

  it('keeps what the person selected when it gets the focus', async () => {
    await open({ contact: '(415) 555-2671' });
    field.blur();
    field.select();
    field.focus();
    await settled();
    expect([field.selectionStart, field.selectionEnd]).to.deep.equal([0, field.value.length]);
  });
});

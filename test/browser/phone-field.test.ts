/** The phone field with real keys: formatting, the caret, the country, and a number that is what the person sees. */
import { expect } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import { paste, PHONE, settled, verifyContact, type Person } from './support/element-user.js';
import { openStack } from './support/browser-stack.js';
import { until } from './support/until.js';

let person: Person;
let field: HTMLInputElement;

async function open(attributes: object = {}): Promise<void> {
  person = await verifyContact(attributes);
  field = person.field('Phone number');
  field.focus();
  await settled();
}

const country = () => person.root.querySelector('select')!.value;

async function choose(code: string): Promise<void> {
  const select = person.root.querySelector('select')!;
  select.value = code;
  select.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }));
  await person.element.updateComplete;
}

describe('the phone field', () => {
  it('formats a number as it is typed', async () => {
    await open();
    const seen: string[] = [];
    for (const key of PHONE.typed) {
      await sendKeys({ press: key });
      seen.push(field.value);
    }
    expect(seen.at(3)).to.equal('(415) 5');
    expect(seen.at(-1)).to.equal(PHONE.spelled);
    expect(field.selectionStart).to.equal(field.value.length);
  });

  it('keeps the caret where the person types', async () => {
    await open({ contact: '(415) 555-2671' });
    field.setSelectionRange(7, 7);
    await sendKeys({ press: 'Backspace' });
    expect([field.value, field.selectionStart]).to.deep.equal(['(415) 552-671', 4]);
    await sendKeys({ press: '9' });
    expect([field.value, field.selectionStart]).to.deep.equal(['(415) 955-2671', 7]);
  });

  it('can be emptied with only Backspace', async () => {
    await open({ contact: PHONE.spelled });
    field.setSelectionRange(20, 20);
    for (let n = 0; n < 14 && field.value; n++) await sendKeys({ press: 'Backspace' });
    expect(field.value).to.equal('');
  });

  for (const [text, chosen, spelled] of [
    ['+44 7400 123456', 'GB', '+44 7400 123456'],
    ['011 44 7400 123456', 'US', '011 44 7400 123456'],
    ['447400123456', 'US', '447400123456'],
    ['＋44 7400 123456', 'GB', '+44 7400 123456'],
    ['+٤٤ ٧٤٠٠ ١٢٣٤٥٦', 'GB', '+44 7400 123456'],
    ['\u202a+49 1512 3456789\u202c', 'DE', '+49 1512 3456789'],
    ['+1 416 555 2671', 'CA', '+1 416 555 2671'],
    ['415-555-2671', 'US', '(415) 555-2671'],
    ['1 (415) 555 2671', 'US', '1 (415) 555-2671'],
  ]) {
    it(`takes ${JSON.stringify(text)} from the clipboard as a number of ${chosen}`, async () => {
      await open();
      await paste(field, text!);
      // The rules of another country are loaded first.
      await until(() => field.value === spelled);
      expect([country(), field.value]).to.deep.equal([chosen, spelled]);
    });
  }

  for (const [way, remove] of [
    ['cleared', () => sendKeys({ press: 'Backspace' })],
    ['overtyped', () => Promise.resolve(field.select())],
  ] as const) {
    it(`sends the next number to the chosen country after a number abroad was ${way}`, async () => {
      const { endpoint, latestCode } = await openStack();
      await open({ endpoint, country: 'AL' });
      await paste(field, '+33 6 12 34 56 78');
      await until(() => field.value === '+33 6 12 34 56 78' && country() === 'FR');
      for (let n = 0; n < 12 && field.value; n++) await remove();
      await sendKeys({ type: '0672123456' });
      expect(country()).to.equal('AL');
      await person.press('Send code');
      await person.at('code');
      expect(await latestCode('+355672123456')).to.match(/^\d{6}$/);
    });
  }

  it('remembers the chosen country of a number abroad while the person enters an e-mail address', async () => {
    await open({ type: 'phone email', country: 'AL' });
    await paste(field, '+33 6 12 34 56 78');
    await until(() => country() === 'FR');
    await person.press('Use an e-mail address instead');
    await person.press('Use a phone number instead');
    field = person.field('Phone number');
    expect(field.value).to.equal('+33 6 12 34 56 78');
    field.focus();
    await settled();
    field.select();
    await sendKeys({ type: '0672123456' });
    expect(country()).to.equal('AL');
  });

  it('selects no country that the page does not offer', async () => {
    await open({ countries: 'US CA' });
    await paste(field, '+44 7400 123456');
    expect([country(), field.value]).to.deep.equal(['US', '+44 7400 123456']);
  });

  it('offers only the countries of the page, by name and calling code', async () => {
    await open({ countries: 'de at', country: '' });
    const options = [...person.root.querySelectorAll('option')].map(({ text }) => text.trim());
    expect(options).to.deep.equal(['Austria +43', 'Germany +49']);
    expect(country()).to.equal('DE');
  });

  it('selects the first remaining country when the page removes the selected one, and keeps what was typed', async () => {
    await open({ countries: 'DE GB US', country: 'GB' });
    await until(() => person.root.querySelectorAll('option').length === 3, 'The countries never come');
    await person.type('Phone number', '07400 123456');
    const typed = field.value;
    person.element.setAttribute('countries', 'US DE');
    await until(() => country() === 'DE', 'Another country is never chosen');
    await person.element.updateComplete;
    expect(field.value.replace(/\D/g, '')).to.equal(typed.replace(/\D/g, ''));
    expect(person.root.querySelector('[part=country] > span')!.textContent.trim()).to.equal('DE +49');
  });

  it('has only the selected country until it is visible, then all of them', async () => {
    const hidden = await verifyContact({ hidden: true, country: 'GB' });
    await until(() => hidden.root.querySelector('option')?.text === 'United Kingdom +44', 'It has no name');
    expect(hidden.root.querySelectorAll('option')).to.have.length(1);
    hidden.element.hidden = false;
    await until(() => hidden.root.querySelectorAll('option').length === 245, 'The countries never come');
    expect(hidden.root.querySelector('select')!.value).to.equal('GB');
  });

  it('has its list again after a switch to e-mail and back, in the current language', async () => {
    await open({ type: 'phone email', country: 'GB' });
    await until(() => person.root.querySelectorAll('option').length === 245);
    await person.press('Use an e-mail address instead');
    person.element.lang = 'de';
    await until(() => person.findButton('Telefonnummer verwenden'));
    await person.press('Telefonnummer verwenden');
    await until(() => person.root.querySelector('option[value=DE]')?.textContent === 'Deutschland +49');
    expect(country()).to.equal('GB');
  });

  it('finds a country by its first letters, with only the keyboard', async () => {
    await open();
    person.root.querySelector('select')!.focus();
    await sendKeys({ type: 'Germ' });
    await sendKeys({ press: 'Tab' });
    await until(() => country() === 'DE', 'It is not Germany');
    expect(person.sees).to.include('DE +49');
  });

  it('formats the number again for another country, and changes the calling code in it', async () => {
    await open();
    await paste(field, '+1 415 555 2671');
    await choose('GB');
    expect(country()).to.equal('GB');
    expect(field.value).to.match(/^\+44 ?/);
    expect(person.element.shadowRoot?.textContent).to.include('GB +44');
  });

  it('keeps text that cannot be a number as typed, and shows the problem until something changes', async () => {
    const { endpoint } = await openStack();
    await open({ endpoint });
    await sendKeys({ type: 'my phone 415' });
    expect(field.value).to.equal('my phone 415');
    await person.press('Send code');
    await person.told('’t a valid phone number');
    field.blur();
    field.focus();
    await settled();
    expect(person.message).to.include('’t a valid phone number');
    await sendKeys({ type: '4' });
    expect(person.message).to.equal('');
  });

  it('sends what the person sees', async () => {
    const { endpoint, latestCode } = await openStack();
    await open({ endpoint });
    await paste(field, '011 44 7400 123456');
    await person.press('Send code');
    await person.at('code');
    expect(await latestCode('+447400123456')).to.match(/^\d{6}$/);
  });

  it('is a field that browsers fill in', async () => {
    await open();
    expect([field.type, field.autocomplete]).to.deep.equal(['tel', 'tel']);
    field.value = '+447400123456';
    field.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }));
    await person.element.updateComplete;
    expect([country(), field.value]).to.deep.equal(['GB', '+44 7400 123456']);
  });
});

/** The e-mail field understands what people paste, drop, dictate and have filled in, and gives it back on undo. */
import { expect } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import { openStack } from './support/browser-stack.js';
import { EMAIL, paste, settled, undo, verifyContact, type Person } from './support/element-user.js';
import { until } from './support/until.js';

let person: Person;
let field: HTMLInputElement;

async function open(attributes: object = {}): Promise<void> {
  person = await verifyContact({ type: 'email', ...attributes });
  field = person.field('E-mail address');
  field.focus();
  await settled();
}

function fillIn(text: string, inputType = ''): void {
  field.value = text;
  field.dispatchEvent(new InputEvent('input', { inputType, bubbles: true, composed: true }));
}

describe('the e-mail field', () => {
  for (const text of [
    'Ada <ada@example.com>',
    'mailto:ada@example.com',
    'ada＠example．com',
    ' ada@example.com,\n',
    'Ada\tada@example.com',
    'Ada Lovelace\nada@example.com',
  ]) {
    it(`reads ${JSON.stringify(text)} that a person pastes, and puts the caret behind it`, async () => {
      await open();
      await paste(field, text);
      await until(() => field.value === EMAIL);
      expect([field.selectionStart, field.selectionEnd]).to.deep.equal([EMAIL.length, EMAIL.length]);
    });
  }

  it('gives back on undo what was pasted, and leaves it there', async () => {
    await open();
    await paste(field, 'Ada <ada@example.com>');
    await until(() => field.value === EMAIL);
    await undo();
    expect(field.value).to.equal('Ada <ada@example.com>');
    field.blur();
    expect(field.value).to.equal('Ada <ada@example.com>');
    field.focus();
    for (let n = 0; n < 3 && field.value; n++) await undo();
    expect(field.value).to.equal('');
  });

  it('sends the address of what was pasted', async () => {
    const { endpoint, latestCode } = await openStack();
    await open({ endpoint });
    await paste(field, '"Lovelace, Ada" <ada@example.com>;');
    await person.press('Send code');
    await person.at('code');
    expect(await latestCode(EMAIL)).to.match(/^\d{6}$/);
  });

  it('keeps two pasted addresses, and says that they are not one', async () => {
    const { endpoint } = await openStack();
    await open({ endpoint });
    await paste(field, 'ada@example.com, bob@example.com');
    await person.press('Send code');
    await person.told('This isn’t a valid e-mail address.');
    expect(person.field('E-mail address').value).to.equal('ada@example.com, bob@example.com');
  });

  for (const inputType of ['', 'insertReplacementText', 'insertFromDrop'])
    it(`reads what is filled in at once (${inputType || 'no type'})`, async () => {
      await open();
      fillIn('Ada <ada@example.com>', inputType);
      expect(field.value).to.equal(EMAIL);
    });

  it('reads what the browser fills in before the field ever had the focus', async () => {
    person = await verifyContact({ type: 'email' });
    field = person.field('E-mail address');
    fillIn('mailto:ada@example.com');
    field.dispatchEvent(new Event('change', { bubbles: true }));
    await until(() => field.value === EMAIL);
    expect(person.focused).to.equal(null);
  });

  it('changes nothing while a person types key by key, in the middle neither, until they leave the field', async () => {
    await open();
    const text = 'Ada <ada@example.com>,';
    await person.append(text);
    expect(field.value).to.equal(text);
    field.setSelectionRange(2, 2);
    await person.append('x');
    await sendKeys({ press: 'Backspace' });
    expect([field.value, field.selectionStart]).to.deep.equal([text, 2]);
    field.blur();
    expect(field.value).to.equal(EMAIL);
  });

  it('reads what was typed when Enter sends it', async () => {
    const { endpoint, latestCode } = await openStack();
    await open({ endpoint });
    await person.append('ada@example.com.');
    await sendKeys({ press: 'Enter' });
    await person.at('code');
    expect(await latestCode(EMAIL)).to.match(/^\d{6}$/);
  });

  it('converts what an input method commits, and keeps the caret', async () => {
    await open();
    field.value = 'ａｄａ＠ex';
    field.setSelectionRange(4, 4);
    field.dispatchEvent(new CompositionEvent('compositionstart', { bubbles: true, composed: true }));
    const part = { inputType: 'insertCompositionText', bubbles: true, composed: true, isComposing: true };
    field.dispatchEvent(new InputEvent('input', part));
    expect(field.value, 'nothing is changed under an input method').to.equal('ａｄａ＠ex');
    field.dispatchEvent(new CompositionEvent('compositionend', { bubbles: true, composed: true }));
    expect([field.value, field.selectionStart]).to.deep.equal(['ada@ex', 4]);
  });
});

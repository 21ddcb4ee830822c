/** The code field with real keys: paste, drop, autofill, dictation and typing. */
import { expect } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import { control, paste, PHONE, settled, undo, verifyContact, type Person } from './support/element-user.js';
import { interactionStyles } from '../../src/elements/fields/interaction-styles.js';
import { StepChangeEvent } from '../../src/index.js';
import { wordings } from './support/sms-messages.js';
import { openStack } from './support/browser-stack.js';

const pastes = [
  '123456',
  '123-456',
  '123 456',
  'G-123456',
  'Your code is 123456',
  'Acme 24: your code is 123-456, valid 10 min',
  'Your code for example.com\n\n@example.com #123456',
  '١٢٣٤٥٦',
  '۱۲۳۴۵۶',
  '१२३४५६',
  '১২৩৪৫৬',
  '１２３４５６',
];

let person: Person;
let field: HTMLInputElement;

async function open(attributes: object = {}): Promise<void> {
  const { endpoint } = await openStack();
  person = await verifyContact({ endpoint, ...attributes });
  await person.sends(PHONE.typed);
  field = person.field('Code');
}

function systemColor(name: string): string {
  document.body.style.color = name;
  const { color } = getComputedStyle(document.body);
  document.body.style.color = '';
  return color;
}

describe('the code field', () => {
  beforeEach(() => open());

  for (const text of pastes) {
    it(`takes the code out of a paste of ${JSON.stringify(text)}`, async () => {
      await paste(field, text);
      expect(field.value).to.equal('123456');
    });

    it(`takes the code out of an autofill of ${JSON.stringify(text)}`, () => {
      field.value = text;
      field.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }));
      expect(field.value).to.equal('123456');
    });
  }

  it('shows its boxes also where the browser paints over what it has filled in', () => {
    // No script can make a browser fill in a code. These are the rules for it, and what Safari paints in addition.
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(
      interactionStyles.replaceAll(':autofill', '[data-filled]') +
        'input[data-filled] { background-color: rgb(250 255 189) !important; color: #000 !important; }',
    );
    person.root.adoptedStyleSheets.push(sheet);
    const box = person.root.querySelector('[part~=digit]')!;
    const before = getComputedStyle(box).border;
    field.toggleAttribute('data-filled', true);
    const { backgroundClip, webkitTextFillColor } = getComputedStyle(field);
    expect([backgroundClip, webkitTextFillColor]).to.deep.equal(['text', systemColor('CanvasText')]);
    expect(getComputedStyle(box).backgroundColor).to.equal(systemColor('Canvas'));
    expect(getComputedStyle(box).border).to.equal(before);
  });

  it('takes the code out of what known senders write', async () => {
    expect(wordings.length).to.be.at.least(50);
    for (const [sender, text, code] of wordings) {
      // Senders' codes are of different lengths, and a field knows its own by its size.
      field.size = code.length;
      field.value = '';
      await paste(field, text);
      expect(field.value, sender).to.equal(code);
    }
  }).timeout(120_000);

  it('takes the code out of what is dropped into it', async () => {
    const text = 'Your code is 123-456';
    const transfer = new DataTransfer();
    transfer.setData('text/plain', text);
    // Engines pass the text in one of these two ways.
    for (const held of [{ data: text }, { dataTransfer: transfer }]) {
      field.focus();
      field.value = '98';
      const drop = new InputEvent('beforeinput', {
        inputType: 'insertFromDrop',
        bubbles: true,
        composed: true,
        cancelable: true,
        ...held,
      });
      // WebKit lets no script set the second one on an event.
      if (!drop.data && !drop.dataTransfer) continue;
      field.dispatchEvent(drop);
      expect(drop.defaultPrevented).to.equal(true);
      expect(field.value).to.equal('123456');
    }
    await undo();
    expect(field.value).not.to.equal('123456');
  });

  it('takes dictation with spaces, in pieces and as a composition', async () => {
    document.execCommand('insertText', false, '12 34');
    document.execCommand('insertText', false, ' 56');
    expect(field.value).to.equal('123456');
    field.value = '';
    field.dispatchEvent(new CompositionEvent('compositionstart', { bubbles: true, composed: true }));
    field.value = '１２ ３４ ５６';
    const part = { inputType: 'insertCompositionText', bubbles: true, composed: true };
    field.dispatchEvent(new InputEvent('input', { ...part, isComposing: true }));
    expect(field.value, 'nothing is changed under an input method').to.equal('１２ ３４ ５６');
    field.dispatchEvent(new InputEvent('input', part));
    expect(field.value).to.equal('123456');
  });

  it('is typed over when all of it is selected, and cut like any field', async () => {
    await sendKeys({ type: '123456' });
    await control('a');
    await sendKeys({ type: '7' });
    expect(field.value).to.equal('7');
    await sendKeys({ type: '89' });
    field.setSelectionRange(1, 3);
    await control('x');
    expect(field.value).to.equal('7');
  });

  it('replaces the content by a pasted code', async () => {
    await sendKeys({ type: '98' });
    await paste(field, 'Your code is 123456');
    expect(field.value).to.equal('123456');
  });

  it('takes digits as they are typed, of any script, and nothing else', async () => {
    await sendKeys({ type: '1a2 ٣-４x' });
    expect(field.value).to.equal('1234');
  });

  it('does not take a seventh digit by typing, and lets one be replaced', async () => {
    await sendKeys({ type: '1234567' });
    expect(field.value).to.equal('123456');
    field.setSelectionRange(2, 3);
    await sendKeys({ type: '9' });
    expect(field.value).to.equal('129456');
    expect(field.selectionStart).to.equal(3);
  });

  it('undoes a paste like any field', async () => {
    await sendKeys({ type: '98' });
    await paste(field, 'Your code is 123-456');
    await undo();
    expect(field.value).to.equal('98');
  });

  it('deletes and moves like any field', async () => {
    await sendKeys({ type: '123456' });
    await sendKeys({ press: 'Backspace' });
    await sendKeys({ press: 'Home' });
    await sendKeys({ press: 'Delete' });
    expect(field.value).to.equal('2345');
  });

  it('is one input that browsers and password managers recognize, without a length limit', () => {
    expect([field.name, field.getAttribute('autocomplete')]).to.deep.equal(['one-time-code', 'one-time-code']);
    expect(field.inputMode).to.equal('numeric');
    expect(field.maxLength).to.equal(-1);
    expect(person.root.querySelectorAll('input')).to.have.length(1);
    expect(person.root.querySelectorAll('[part~=digit]')).to.have.length(6);
  });

  it('does not scroll when it is full, with room beside the last digit', async () => {
    await sendKeys({ type: '123456' });
    expect(field.scrollLeft).to.equal(0);
    const last = [...person.root.querySelectorAll('[part~=digit]')].at(-1)!.getBoundingClientRect();
    expect(field.getBoundingClientRect().right - last.right).to.be.greaterThan(24);
  });
});

describe('auto-submit', () => {
  it('is the page’s choice', async () => {
    await open();
    await sendKeys({ type: '000000' });
    expect(person.element.step).to.equal('code');
  });

  it('submits a complete code', async () => {
    await open({ 'auto-submit': '' });
    await sendKeys({ type: '00000' });
    expect(person.element.step).to.equal('code');
    await sendKeys({ type: '0' });
    await person.told('That code isn’t right.');
  });

  it('submits a pasted code', async () => {
    await open({ 'auto-submit': '' });
    await paste(field, 'Your code is 000-000');
    await person.told('That code isn’t right.');
  });

  for (const after of ['no event', 'an `input` event'])
    it(`submits once what an input method commits with ${after} after it`, async () => {
      await open({ 'auto-submit': '' });
      const init = { bubbles: true, composed: true };
      field.dispatchEvent(new CompositionEvent('compositionstart', init));
      field.value = '００００００';
      const part = { ...init, inputType: 'insertCompositionText' };
      field.dispatchEvent(new InputEvent('input', { ...part, isComposing: true }));
      expect(field.value, 'nothing is changed under an input method').to.equal('００００００');
      field.dispatchEvent(new CompositionEvent('compositionend', { ...init, data: '００００００' }));
      expect(field.value).to.equal('000000');
      if (after !== 'no event') field.dispatchEvent(new InputEvent('input', part));
      await person.told('That code isn’t right.');
      const checks = person.seen(StepChangeEvent).filter(({ step }) => step === 'checking');
      expect(checks.length).to.equal(1);
    });

  it('submits nothing that was corrected by hand', async () => {
    await open({ 'auto-submit': '' });
    await sendKeys({ type: '00001' });
    await sendKeys({ press: 'Backspace' });
    await sendKeys({ type: '00' });
    expect(field.value).to.equal('000000');
    expect(person.element.step).to.equal('code');
  });

  it('submits nothing in which a digit was typed over, or put in between', async () => {
    for (const [from, to] of [
      [2, 3],
      [2, 2],
    ] as const) {
      await open({ 'auto-submit': '' });
      await sendKeys({ type: '00000' });
      field.setSelectionRange(from, to);
      await sendKeys({ type: '1' });
      field.setSelectionRange(6, 6);
      if (field.value.length < 6) await sendKeys({ type: '0' });
      expect(field.value).to.equal('001000');
      await settled();
      expect(person.element.step).to.equal('code');
      expect(person.seen(StepChangeEvent).map(({ step }) => step)).not.to.include('checking');
    }
  });

  it('submits nothing by itself after a wrong code', async () => {
    await open({ 'auto-submit': '' });
    await sendKeys({ type: '000000' });
    await person.told('That code isn’t right.');
    await sendKeys({ type: '000001' });
    expect(field.value).to.equal('000001');
    expect(person.element.step).to.equal('code');
  });

  it('submits nothing that is pasted after a wrong code', async () => {
    await open({ 'auto-submit': '' });
    await sendKeys({ type: '000000' });
    await person.told('That code isn’t right.');
    await paste(field, 'Your code is 000-001');
    expect(field.value).to.equal('000001');
    await settled();
    const checks = person.seen(StepChangeEvent).filter(({ step }) => step === 'checking');
    expect([person.element.step, checks.length]).to.deep.equal(['code', 1]);
  });
});

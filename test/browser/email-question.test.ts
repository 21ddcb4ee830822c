/** The e-mail field asks about a typo in the domain of a large provider, and leaves the answer to the person. */
import { expect } from '@open-wc/testing';
import { sendKeys, sendMouse } from '@web/test-runner-commands';
import { openStack } from './support/browser-stack.js';
import { EMAIL, paste, settled, undo, verifyContact, type Person } from './support/element-user.js';
import { until } from './support/until.js';

const question = 'Did you mean ada@gmail.com?';

let person: Person;
let field: HTMLInputElement;

async function open(attributes: object = {}): Promise<void> {
  person = await verifyContact({ type: 'email', ...attributes });
  field = person.field('E-mail address');
  field.focus();
  await settled();
}

const asks = () => person.findButton(question) !== undefined;

async function leave(): Promise<void> {
  await sendKeys({ press: 'Tab' });
  await person.element.updateComplete;
}

describe('the question about a typo', () => {
  it('is asked when the person leaves the field, not while they type, and is announced once', async () => {
    await open();
    await person.append('ada@gmial.com');
    await settled();
    expect([asks(), person.heard]).to.deep.equal([false, []]);
    await leave();
    expect(asks()).to.equal(true);
    await until(() => person.heard.length > 0);
    field.focus();
    field.blur();
    await settled();
    expect(person.heard).to.deep.equal([question]);
    expect(field.value).to.equal('ada@gmial.com');
  });

  it('changes the address when it is pressed, which undo reverts', async () => {
    await open();
    await person.append('ada@gmial.com');
    await leave();
    await person.press(question);
    expect([field.value, asks()]).to.deep.equal(['ada@gmail.com', false]);
    expect(person.focused).to.equal(field);
    await undo();
    expect(field.value).to.equal('ada@gmial.com');
  });

  it('disappears when the text changes, and returns with it', async () => {
    await open();
    await person.append('ada@gmial.com');
    await leave();
    field.focus();
    await sendKeys({ press: 'End' });
    await person.append('x');
    expect(asks()).to.equal(false);
    await sendKeys({ press: 'Backspace' });
    await person.element.updateComplete;
    expect(asks()).to.equal(true);
  });

  it('can be ignored: the next press of the mouse on Send code sends to the address as typed', async () => {
    const { endpoint, latestCode } = await openStack();
    await open({ endpoint });
    await person.append('ada@gmial.com');
    const box = person.button('Send code').getBoundingClientRect();
    const position: [number, number] = [Math.round(box.x + box.width / 2), Math.round(box.y + box.height / 2)];
    await sendMouse({ type: 'click', position });
    await person.at('code');
    expect(await latestCode('ada@gmial.com')).to.match(/^\d{6}$/);
    await person.press('Change address');
    await person.at('contact');
    await until(asks);
    await person.press(question);
    await person.press('Send code');
    await person.at('code');
    expect(await latestCode('ada@gmail.com')).to.match(/^\d{6}$/);
  });

  it('is asked about what is pasted and filled in, once it is clean', async () => {
    await open();
    await paste(field, 'Ada <ada@gmial.com>');
    await leave();
    await until(asks);
    person = await verifyContact({ type: 'email' });
    field = person.field('E-mail address');
    field.value = 'mailto:ada@gmial.com';
    field.dispatchEvent(new Event('input', { bubbles: true, composed: true }));
    field.dispatchEvent(new Event('change', { bubbles: true }));
    await until(asks);
  });

  it('is not asked about a real domain, nor in a field that a person switched away from', async () => {
    await open({ type: 'email phone' });
    await person.append(EMAIL);
    await leave();
    expect(person.root.querySelectorAll('form > button')).to.have.length(1);
    await person.type('E-mail address', 'ada@gmial.com');
    await leave();
    expect(asks()).to.equal(true);
    await person.press('Use a phone number instead');
    expect(asks()).to.equal(false);
  });

  it('follows the language of the page, and writes the address from left to right', async () => {
    await open({ lang: 'ar' });
    field = person.root.querySelector('input')!;
    await person.append('ada@gmial.com');
    await leave();
    await until(() => person.sees.includes('هل تقصد'));
    expect(person.root.querySelector('button bdi')!.getAttribute('dir')).to.equal('ltr');
  });

  it('cannot be pressed while the element is disabled', async () => {
    await open();
    await person.append('ada@gmial.com');
    await leave();
    person.element.setAttribute('disabled', '');
    await person.element.updateComplete;
    expect(person.button(question).disabled).to.equal(true);
  });
});

/** The list of countries: the preferred ones on top, names and calling codes in every direction of writing, and the keys on the closed and the open list. */
import { expect } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import { control, settled, verifyContact, type Person } from './support/element-user.js';
import { until } from './support/until.js';
// Loaded in advance, so that it has the first key too.
import '../../src/elements/fields/country-type-ahead.js';

let person: Person;
let list: HTMLSelectElement;

/** Opens the page and waits for the list. Its text is empty at a separator. */
async function open(attributes: object = {}): Promise<void> {
  person = await verifyContact(attributes);
  await until(() => person.root.querySelectorAll('option').length > 1, 'The countries never come');
  list = person.root.querySelector('select')!;
}

async function focusList(attributes: object = {}): Promise<void> {
  await open(attributes);
  list.focus();
  await settled();
}

const rows = () => [...list.children].map((row) => (row instanceof HTMLOptionElement ? row.value : ''));
const top = () => rows().slice(0, rows().indexOf(''));

// The first test, since one list with the focus loads the keys for all.
it('a list that has the focus before its countries come finds them by keys', async () => {
  person = await verifyContact({ country: 'US' });
  list = person.root.querySelector('select')!;
  list.focus();
  expect(list.options).to.have.length(1);
  await until(() => list.options.length === 245, 'The countries never come');
  await settled();
  await sendKeys({ type: '49' });
  await until(() => list.value === 'DE', 'It is never Germany');
});

describe('the list of countries', () => {
  it('begins with the countries that the page prefers, in its order, and has each country once', async () => {
    await open({ preferred: 'de AT, CH', country: 'AT' });
    expect(rows().slice(0, 6)).to.deep.equal(['DE', 'AT', 'CH', '', 'AF', 'AX']);
    expect(list.querySelectorAll('hr')).to.have.length(1);
    expect(list.options).to.have.length(245);
    expect(new Set(rows()).size).to.equal(246);
    expect(list.value).to.equal('AT');
  });

  it('begins with the countries of the person’s languages and of the page’s, if the page prefers none', async () => {
    await open({ lang: 'fr-CA' });
    expect(top().at(-1)).to.equal('CA');
    expect(list.options).to.have.length(245);
    person.element.lang = 'de-CH';
    await until(() => top().at(-1) === 'CH');
    expect(top()).not.to.include('CA');
  });

  it('prefers only countries that the page offers, and needs no separator if it prefers all of them', async () => {
    await open({ countries: 'DE AT CH', preferred: 'CH FR', country: 'DE' });
    expect(rows()).to.deep.equal(['CH', '', 'AT', 'DE']);
    person.element.setAttribute('preferred', 'CH DE AT');
    await until(() => rows().join() === 'CH,DE,AT');
    expect(list.value).to.equal('DE');
  });

  it('keeps the selected country when the preferred ones change, and fires no event', async () => {
    await open({ country: 'GB' });
    let events = 0;
    list.addEventListener('input', () => events++);
    for (const preferred of ['GB DE', 'DE', '']) {
      person.element.setAttribute('preferred', preferred);
      await until(() => rows()[0] === (preferred.slice(0, 2) || rows()[0]));
      await person.element.updateComplete;
      expect([list.value, events]).to.deep.equal(['GB', 0]);
    }
  });

  it('says once on the console which values of the page are no countries of the list', async () => {
    const before = console.error;
    const said: unknown[] = [];
    console.error = (message: unknown) => said.push(message);
    try {
      for (let time = 0; time < 2; time++)
        await open({ preferred: 'DE Germany XX IT', countries: 'de at QQ', country: 'ZZ' });
    } finally {
      console.error = before;
    }
    const sentence = (name: string, word: string) =>
      `verify-contact: "${name}" contains ${word}, which is not in the list of countries.`;
    expect(said).to.deep.equal([
      sentence('country', 'ZZ'),
      sentence('countries', 'QQ'),
      sentence('preferred', 'GERMANY'),
      sentence('preferred', 'XX'),
      sentence('preferred', 'IT'),
    ]);
    expect(rows()).to.deep.equal(['DE', '', 'AT']);
  });

  for (const lang of ['ar', 'fa', 'he', 'ur', 'de']) {
    it(`has the plus before the calling code in ${lang}, and the name on the side where a reader begins`, async () => {
      await open({ lang, country: 'DE' });
      const find = () => list.querySelector<HTMLOptionElement>('option[value=DE]')!;
      await until(() => !find().text.startsWith('Germany'));
      const option = find();
      const { direction } = getComputedStyle(option);
      expect(direction).to.equal(lang === 'de' ? 'ltr' : 'rtl');
      const shown = document.body.appendChild(document.createElement('p'));
      shown.dir = direction;
      shown.textContent = option.text;
      const left = (character: string) => {
        const range = document.createRange();
        const at = option.text.indexOf(character);
        range.setStart(shown.firstChild!, at);
        range.setEnd(shown.firstChild!, at + 1);
        return range.getBoundingClientRect().left;
      };
      const name = left(option.text[0]!);
      expect(left('+'), 'the plus').to.be.lessThan(left('4'));
      expect(left('4'), 'the digits').to.be.lessThan(left('9'));
      if (direction === 'rtl') expect(left('9')).to.be.lessThan(name);
      else expect(name).to.be.lessThan(left('+'));
      shown.remove();
    });
  }

  it('takes no more room than the selected country and its calling code, also on a narrow screen', async () => {
    const parent = document.body.appendChild(document.createElement('div'));
    parent.style.width = '256px';
    person = await verifyContact({ country: 'DO', preferred: 'DO' }, parent);
    await until(() => person.root.querySelectorAll('option').length === 245);
    const box = (selector: string) => person.root.querySelector(selector)!.getBoundingClientRect();
    expect(person.element.scrollWidth).to.equal(256);
    expect(box('select').width).to.equal(box('[part=country]').width - 1);
    expect(box('input').width).to.be.greaterThan(130);
    parent.remove();
  });
});

describe('on the closed list', () => {
  for (const [keys, country] of [
    ['49', 'DE'],
    ['+49', 'DE'],
    ['353', 'IE'],
    ['fra', 'FR'],
    ['deu', 'DE'],
    ['oste', 'AT'],
    ['cote', 'CI'],
    ['suisse', 'CH'],
    ['1876', 'JM'],
    ['germx', 'US'],
  ] as const) {
    it(`a person types ${keys} and has selected ${country}`, async () => {
      await focusList();
      await sendKeys({ type: keys });
      await until(() => list.value === country, `It is never ${country}`);
      await person.element.updateComplete;
      expect(person.sees).to.include(`${country} +`);
    });
  }

  it('an English name finds the country in a list of another language', async () => {
    await focusList({ lang: 'de' });
    await until(() => list.querySelector('option[value=DE]')?.textContent === 'Deutschland +49');
    await sendKeys({ type: 'ger' });
    await until(() => list.value === 'DE');
  });

  it('the same letter again goes to the next country, and a letter after a pause begins a new search', async () => {
    await focusList({ country: 'CZ' });
    const press = (key: string, at: number) => {
      const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true });
      Object.defineProperty(event, 'timeStamp', { value: at });
      list.dispatchEvent(event);
      return list.value;
    };
    expect([press('d', 5000), press('d', 5500), press('d', 6000)]).to.deep.equal(['DK', 'DJ', 'DM']);
    expect([press('n', 9000), press('o', 9900), press('r', 10_800), press('e', 11_900)]).to.deep.equal([
      'NA',
      'NF',
      'NF',
      'EC',
    ]);
    expect([press('4', 20_000), press('9', 20_999), press('1', 22_000)]).to.deep.equal(['EC', 'DE', 'US']);
  });

  it('a choice by keys fires the events of a choice in the list, formats the number, and leaves no event outside', async () => {
    await focusList({ contact: '+1 415 555 2671' });
    const fired: string[] = [];
    const outside: string[] = [];
    for (const type of ['input', 'change']) {
      list.addEventListener(type, ({ bubbles }) => fired.push(`${type} ${bubbles}`));
      person.element.addEventListener(type, () => outside.push(type));
    }
    await sendKeys({ type: '49' });
    await until(() => list.value === 'DE');
    await person.element.updateComplete;
    expect(fired).to.deep.equal(['input true', 'change true']);
    expect(outside).to.deep.equal([]);
    expect(person.field('Phone number').value).to.match(/^\+49/);
    await sendKeys({ press: '9' });
    expect(fired).to.have.length(2);
  });

  it('Space belongs to a name that is being typed', async () => {
    await focusList({ country: 'FR' });
    await sendKeys({ type: 'new z' });
    await until(() => list.value === 'NZ');
  });

  it('every other key is the browser’s', async () => {
    await focusList({ country: 'DE' });
    const taken: string[] = [];
    list.addEventListener('keydown', (event) => {
      if (event.defaultPrevented) taken.push(event.key);
      // Else the browser would open its list, a menu or another page.
      event.preventDefault();
    });
    for (const press of ['ArrowDown', 'ArrowUp', 'Home', 'End', 'Enter', ' ', 'Escape', 'Backspace', '/', 'Tab'])
      await sendKeys({ press });
    await control('a');
    for (const held of ['ctrlKey', 'altKey', 'metaKey', 'isComposing'])
      list.dispatchEvent(new KeyboardEvent('keydown', { key: 'f', bubbles: true, cancelable: true, [held]: true }));
    expect(taken).to.deep.equal([]);
    expect(list.value).to.equal('DE');
    await sendKeys({ press: 'f' });
    expect(taken).to.deep.equal(['f']);
  });

  it('the arrow keys go through the whole list, across the separator', async () => {
    await focusList({ preferred: 'DE AT', country: 'AT' });
    await sendKeys({ press: 'ArrowDown' });
    await until(() => list.value === 'AF');
    await sendKeys({ press: 'ArrowUp' });
    await until(() => list.value === 'AT');
  });
});

describe('on the open list', () => {
  it('the keys are the browser’s own', async () => {
    await focusList({ country: 'US' });
    const taken: string[] = [];
    // Chromium sends the page no key while its list is open. Firefox and WebKit do.
    list.addEventListener('keydown', ({ key, defaultPrevented }) => defaultPrevented && taken.push(key));
    await sendKeys({ press: ' ' });
    await settled();
    await sendKeys({ type: 'deu' });
    await sendKeys({ press: 'Escape' });
    await settled();
    expect(taken).to.deep.equal([]);
    expect(list.value).not.to.equal('DE');
    // Not every driver's Escape closes the list.
    list.blur();
    await settled();
    list.focus();
    await sendKeys({ type: '49' });
    await until(() => list.value === 'DE', 'The closed list does not find it again');
  });
});

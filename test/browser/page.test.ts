/** Both elements in a page: its language, its own sentences, its colors, and frameworks that remove elements and insert them again. */
import { expect } from '@open-wc/testing';
import { TwoFactorElement, VerifyContactElement } from '../../src/index.js';
import { EMAIL, PHONE, settled, twoFactor, verifyContact } from './support/element-user.js';
import { openStack } from './support/browser-stack.js';
import { backgroundOf } from './support/contrast.js';
import { until } from './support/until.js';

const ada = { user: 'ada', verified: { phone: PHONE.value, email: EMAIL }, twoFactorRequired: true };

describe('the language', () => {
  it('is that of the nearest ancestor, and follows it live', async () => {
    const person = await verifyContact({});
    const parent = person.element.parentElement!;
    expect(person.sees).to.include('Phone number');
    parent.lang = 'de-AT';
    await until(() => person.sees.includes('Telefonnummer'));
    document.documentElement.lang = 'fr';
    await settled();
    expect(person.sees).to.include('Telefonnummer');
    parent.removeAttribute('lang');
    await until(() => person.sees.includes('Numéro'));
    person.element.lang = 'en-GB';
    await until(() => person.sees.includes('Phone number'));
    document.documentElement.lang = 'en';
  });

  it('reaches into the shadow root of another component', async () => {
    const outer = document.body.appendChild(document.createElement('div'));
    const inner = outer.attachShadow({ mode: 'open' }).appendChild(document.createElement('p'));
    const person = await verifyContact({}, inner);
    outer.lang = 'de';
    await until(() => person.sees.includes('Telefonnummer'));
    outer.remove();
  });

  it('is English if the language is not available or the tag is invalid', async () => {
    const person = await verifyContact({ lang: 'tlh' });
    await settled();
    expect(person.sees).to.include('Phone number');
    person.element.lang = 'not a language';
    await settled();
    expect(person.sees).to.include('Phone number');
  });

  it('formats numbers and countries in its own way, but codes and phone numbers from left to right', async () => {
    const { endpoint } = await openStack();
    const person = await verifyContact({ endpoint, lang: 'ar-EG' });
    await until(() => person.root.querySelector('option[value=DE]')?.textContent?.includes('ألمانيا'));
    const field = person.root.querySelector('input')!;
    field.value = PHONE.value;
    field.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }));
    person.root.querySelector('form')!.requestSubmit();
    await person.at('code');
    const number = person.root.querySelector('bdi')!;
    expect([number.dir, number.textContent?.replaceAll('\u00a0', ' ')]).to.deep.equal(['ltr', PHONE.shown]);
    expect(person.sees).to.match(/[٠-٩]/);
  });
});

describe('the sentences', () => {
  it('can each be replaced by the page, with plurals and placeholders', async () => {
    const { endpoint } = await openStack();
    const messages = {
      'send-code': 'Weiter',
      'code-hint-sms': 'Sieh nach auf {to}!',
      'malformed-code': { other: '{n} Ziffern, bitte.' },
    };
    const person = await verifyContact({ endpoint, messages });
    await person.type('Phone number', PHONE.typed);
    await person.press('Weiter');
    await person.at('code');
    expect(person.sees).to.include(`Sieh nach auf ${PHONE.shown}!`);
    await person.submits('1');
    expect(person.message).to.equal('6 Ziffern, bitte.');
    person.element.messages = null;
    await person.element.updateComplete;
    expect(person.message).to.equal('The code has 6 digits.');
  });

  it('are the page’s own where it fills a slot', async () => {
    const person = await verifyContact({});
    for (const name of ['heading', 'description', 'consent']) {
      expect(person.root.querySelector(`slot[name=${name}]`), name).not.to.equal(null);
    }
  });
});

describe('removed and inserted again', () => {
  it('fifty times leaves no timer and no request', async () => {
    const { endpoint, requests } = await openStack();
    const person = await verifyContact({ endpoint });
    await person.sends(PHONE.typed);
    const { element } = person;
    const parent = element.parentElement!;
    const running = new Set<unknown>();
    const { setTimeout: set, clearTimeout: clear } = window;
    window.setTimeout = ((run: () => void, wait: number) => {
      const timer: unknown = set(run, wait);
      running.add(timer);
      return timer;
    }) as typeof set;
    window.clearTimeout = ((timer: number) => (running.delete(timer), clear(timer))) as typeof clear;
    for (let n = 0; n < 50; n++) {
      element.remove();
      parent.append(element);
    }
    const connected = running.size;
    element.remove();
    Object.assign(window, { setTimeout: set, clearTimeout: clear });
    expect([connected, running.size]).to.deep.equal([1, 0]);
    await settled();
    expect(await requests()).to.deep.equal(['POST /contact']);
  });

  it('at once, as a strict framework mounts twice, sends once', async () => {
    const { endpoint, requests } = await openStack(ada);
    const person = await twoFactor({ endpoint });
    const parent = person.element.parentElement!;
    person.element.remove();
    parent.append(person.element);
    await person.at('code');
    await settled();
    expect(await requests()).to.deep.equal(['POST /two-factor']);
  });
});

describe('the page', () => {
  it('cannot name a destination in <two-factor>', () => {
    const own = [...TwoFactorElement.elementProperties.keys()].map(String);
    expect(own).not.to.include.members(['contact']);
    expect(own.filter((name) => /contact|phone|mail|to$|country|type/i.test(name))).to.deep.equal([]);
    expect(TwoFactorElement.observedAttributes.filter((name) => /contact|to$|type/.test(name))).to.deep.equal([]);
  });

  it('provides a bearer token, and a new one when it is requested', async () => {
    const headers: (string | null)[] = [];
    const { fetch: real } = window;
    window.fetch = (_, init) => {
      headers.push(new Headers(init?.headers).get('authorization'));
      return Promise.resolve(Response.json({}, { status: headers.length === 1 ? 401 : 503 }));
    };
    const person = await verifyContact({ token: 'old', getToken: () => 'new' });
    await person.type('Phone number', PHONE.typed);
    await person.press('Send code');
    await person.told('This isn’t working right now.');
    window.fetch = real;
    expect(headers).to.deep.equal(['Bearer old', 'Bearer new']);
  });

  it('may load a second copy of the script, which says so on the console and steps back', async () => {
    const said: unknown[] = [];
    const { warn } = console;
    console.warn = (...words: unknown[]) => said.push(...words);
    await import(['../../src/define/verify-contact.ts', 'second'].join('?'));
    await import(['../../src/define/two-factor.ts', 'second'].join('?'));
    console.warn = warn;
    expect(said).to.deep.equal(
      ['verify-contact', 'two-factor'].map((tag) => `verify-contact: another script has defined <${tag}>`),
    );
    expect(customElements.get('verify-contact')).to.equal(VerifyContactElement);
  });

  it('shows its own colours in the elements, in light and dark', async () => {
    const person = await verifyContact({});
    const colour = () => getComputedStyle(person.button('Send code')).backgroundColor;
    const light = () => backgroundOf(person.button('Send code'))[0] > 200;
    expect(light()).to.equal(false);
    document.documentElement.style.colorScheme = 'dark';
    expect(light()).to.equal(true);
    document.documentElement.style.colorScheme = '';
    document.body.style.setProperty('--verify-accent', 'rgb(0, 0, 200)');
    expect(colour()).to.equal('rgb(0, 0, 200)');
    document.body.style.removeProperty('--verify-accent');
  });
});

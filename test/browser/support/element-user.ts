/** A person who uses one element: finds things by label and words, types, presses buttons, reads, and hears announcements. */
import { aTimeout, fixture, html, nextFrame } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import type { TwoFactorElement, VerifyContactElement } from '../../../src/index.js';
import '../../../src/define.js';
// Loaded in advance, so that the fields understand the first key and the first paste.
import '../../../src/elements/fields/email-input.js';
import '../../../src/elements/fields/phone-input.js';
import { until } from './until.js';

export type AnyElement = VerifyContactElement | TwoFactorElement;

/** A mobile number that is valid by the metadata: as typed, as shown and as sent. */
export const PHONE = {
  typed: '4155552671',
  spelled: '(415) 555-2671',
  shown: '+1 415 555 2671',
  value: '+14155552671',
};
export const OTHER = { typed: '+447400123456', shown: '+44 7400 123456', value: '+447400123456' };
export const EMAIL = 'ada@example.com';

export class Person<Element extends AnyElement = AnyElement> {
  readonly element: Element;
  /** Everything that the live region has announced, in order. */
  readonly heard: string[] = [];
  readonly events: Event[] = [];

  constructor(element: Element) {
    this.element = element;
    const kinds = [
      'code-sent',
      'contact-verified',
      'two-factor-verified',
      'two-factor-not-required',
      'problem',
      'change',
    ];
    for (const kind of [...kinds, 'step-change']) element.addEventListener(kind, (event) => this.events.push(event));
    const region = this.root.querySelector('[role=status]')!;
    new MutationObserver(() => this.heard.push(plain(region.textContent))).observe(region, {
      childList: true,
      characterData: true,
      subtree: true,
    });
  }

  get root(): ShadowRoot {
    return this.element.shadowRoot!;
  }

  /** All text that is shown, without the live region. */
  get sees(): string {
    const words = [...this.root.firstElementChild!.children].filter((child) => !child.matches('[role=status]'));
    return plain(words.map((child) => child.textContent).join(' '));
  }

  get message(): string {
    return plain(this.root.querySelector('[part~=message]')?.textContent);
  }

  get focused(): globalThis.Element | null {
    return this.root.activeElement;
  }

  field(label: string): HTMLInputElement {
    const found = [...this.root.querySelectorAll('label')].find((one) => plain(one.textContent) === label);
    const input = found && this.root.getElementById(found.htmlFor);
    if (!(input instanceof HTMLInputElement)) throw new Error(`There is no field ${label}: ${this.sees}`);
    return input;
  }

  findButton(words: string): HTMLButtonElement | undefined {
    return [...this.root.querySelectorAll('button')].find((one) => plain(one.textContent) === words);
  }

  button(words: string): HTMLButtonElement {
    const found = this.findButton(words);
    if (!found) throw new Error(`There is no button ${words}: ${this.sees}`);
    return found;
  }

  /** Replaces the content of the field, key by key. */
  async type(label: string, text: string): Promise<void> {
    const field = this.field(label);
    field.focus();
    field.select();
    await sendKeys({ type: text });
    await this.element.updateComplete;
  }

  /** Goes on typing where the caret is, with the element drawn after each key. */
  async append(text: string): Promise<void> {
    for (const key of text) {
      await sendKeys({ press: key });
      await this.element.updateComplete;
    }
  }

  async press(words: string): Promise<void> {
    this.button(words).click();
    await this.element.updateComplete;
  }

  async at(step: AnyElement['step']): Promise<void> {
    await until(() => this.element.step === step, `The step never is ${step}`);
    await this.element.updateComplete;
  }

  async told(words: string): Promise<void> {
    await until(() => this.message.includes(words), `The message is never "${words}"`);
  }

  /** Enters a number or address and requests a code. */
  async sends(to: string, label = 'Phone number'): Promise<void> {
    await this.type(label, to);
    await this.press('Send code');
    await this.at('code');
  }

  async submits(code: string): Promise<void> {
    await this.type('Code', code);
    await this.press('Submit code');
  }

  seen<Kind extends Event>(kind: new (...args: never[]) => Kind): Kind[] {
    return this.events.filter((event): event is Kind => event instanceof kind);
  }
}

/** `<verify-contact>` with these attributes, in a page of its own. */
export async function verifyContact(attributes: object, parent?: HTMLElement): Promise<Person<VerifyContactElement>> {
  return place(document.createElement('verify-contact'), { country: 'US', ...attributes }, parent);
}

export async function twoFactor(attributes: object, parent?: HTMLElement): Promise<Person<TwoFactorElement>> {
  return place(document.createElement('two-factor'), attributes, parent);
}

async function place<Element extends AnyElement>(
  element: Element,
  attributes: object,
  parent?: HTMLElement,
): Promise<Person<Element>> {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'string') element.setAttribute(name, value);
    else Object.assign(element, { [name]: value as unknown });
  }
  (parent ?? (await fixture<HTMLElement>(html`<div></div>`))).append(element);
  await element.updateComplete;
  return new Person(element);
}

/** Presses a key together with Control. */
export async function control(key: string): Promise<void> {
  await sendKeys({ down: 'Control' });
  await sendKeys({ press: key });
  await sendKeys({ up: 'Control' });
}

/** Undoes by the keyboard. WebKitGTK's MiniBrowser has no key for it, not even in a plain input, so there it is the command of its menu. */
export async function undo(): Promise<void> {
  if (/AppleWebKit(?!.*Chrome)/.test(navigator.userAgent)) document.execCommand('undo');
  else await control('z');
}

/**
 * Pastes a text into a field through the real clipboard. Pages that are tested at the same time share it, so a paste of what
 * another page has copied in between is prevented, and tried again.
 */
export async function paste(field: HTMLInputElement, text: string): Promise<void> {
  const source = document.createElement('textarea');
  source.value = text;
  let hasPasted = false;
  const check = (event: ClipboardEvent) => {
    hasPasted = event.clipboardData!.getData('text/plain').replace(/\r\n?/g, '\n') === source.value;
    if (!hasPasted) event.preventDefault();
  };
  field.addEventListener('paste', check);
  for (let attempts = 0; !hasPasted; attempts++) {
    if (attempts === 10) throw new Error(`The clipboard never holds ${JSON.stringify(text)}.`);
    document.body.append(source);
    source.select();
    await control('c');
    source.remove();
    field.focus();
    await control('v');
  }
  field.removeEventListener('paste', check);
}

/** A wrong code of the right format. */
export function wrong(code: string): string {
  return code === '000000' ? '000001' : '000000';
}

/** Waits until everything pending in the page has run. */
export async function settled(): Promise<void> {
  await nextFrame();
  await aTimeout(0);
  await nextFrame();
}

function plain(text: string | null | undefined): string {
  return (text ?? '').replace(/[\s\u00a0]+/g, ' ').trim();
}

// A test must not restore what another one saved.
beforeEach(() => sessionStorage.clear());

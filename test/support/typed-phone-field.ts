/** A phone field without a browser: its events, its text and its caret, as a person's keys and clipboard change them. */
import { handlePhoneInput } from '../../src/elements/fields/phone-input.js';

// The field adds a style sheet to its element. Node has none, and nothing is drawn here.
globalThis.CSSStyleSheet ??= class {
  replaceSync(): void {}
} as unknown as typeof CSSStyleSheet;

/** What the element sends to the backend. */
export interface SentNumber {
  readonly text: string;
  readonly country: string;
}

/** It edits like a plain field wherever the code under test lets the browser do its work. */
export class TypedPhoneField {
  value = '';
  selectionStart = 0;
  selectionEnd = 0;
  readonly isConnected = true;
  readonly adoptedStyleSheets: CSSStyleSheet[] = [];
  readonly #select: { value: string };
  readonly #countries: readonly string[];
  readonly #field: Element;

  constructor(country: string, countries: readonly string[] = []) {
    this.#select = { value: country };
    this.#countries = countries;
    const find = (selector: string) => (selector === 'select' ? this.#select : this);
    this.#field = { querySelector: find, getRootNode: () => this } as unknown as Element;
    this.#send('focusin', '');
  }

  /** It never has the focus, so that the text is set and no command of the document is needed. */
  matches(): boolean {
    return false;
  }

  /** Tells the element to read the field, which is not part of this test. */
  dispatchEvent(): boolean {
    return true;
  }

  setSelectionRange(start: number, end: number): void {
    this.selectionStart = start;
    this.selectionEnd = end;
  }

  get sent(): SentNumber {
    return { text: this.value, country: this.#select.value };
  }

  type(text: string): void {
    for (const key of text) this.#insert('insertText', key);
  }

  paste(text: string): void {
    this.#insert('insertFromPaste', text);
  }

  /** Autofill and dictation: the text is there before the field hears of it. */
  fill(text: string, inputType = ''): void {
    this.value = text;
    this.setSelectionRange(text.length, text.length);
    this.#send('input', inputType);
  }

  compose(text: string): void {
    this.value = text;
    this.setSelectionRange(text.length, text.length);
    this.#send('input', 'insertCompositionText', text, this, '', true);
    if (this.value !== text) throw new Error('The text has changed under an input method.');
    this.#send('compositionend', '');
  }

  select(country: string): void {
    const previous = this.#select.value;
    this.#select.value = country;
    this.#send('input', '', null, this.#select, previous);
  }

  /** What is typed next takes the place of everything. */
  selectAll(): void {
    this.setSelectionRange(0, this.value.length);
  }

  press(key: 'Backspace' | 'Delete' | 'Control+Backspace' | 'Control+Delete'): void {
    const direction = key.endsWith('Delete') ? 'Forward' : 'Backward';
    const inputType = `delete${key.startsWith('Control') ? 'Word' : 'Content'}${direction}`;
    if (this.#send('beforeinput', inputType)) return;
    const isCollapsed = this.selectionStart === this.selectionEnd;
    const start = this.selectionStart - (isCollapsed && direction === 'Backward' ? 1 : 0);
    const end = this.selectionEnd + (isCollapsed && direction === 'Forward' ? 1 : 0);
    this.#replace(Math.max(start, 0), end, '');
    this.#send('input', inputType);
  }

  #insert(inputType: string, data: string): void {
    if (this.#send('beforeinput', inputType, data)) return;
    this.#replace(this.selectionStart, this.selectionEnd, data);
    this.#send('input', inputType, data);
  }

  #replace(start: number, end: number, text: string): void {
    this.value = this.value.slice(0, start) + text + this.value.slice(end);
    this.setSelectionRange(start + text.length, start + text.length);
  }

  /** True if the browser is to do nothing. */
  #send(
    type: string,
    inputType: string,
    data: string | null = null,
    target: object = this,
    country = '',
    isComposing = false,
  ): boolean {
    let defaultPrevented = false;
    const preventDefault = () => (defaultPrevented = true);
    const event = { type, inputType, data, target, isComposing, cancelable: true, preventDefault } as unknown as Event;
    const entry = { country: country || this.#select.value };
    handlePhoneInput(this.#field, { countries: this.#countries, entry }, event);
    return defaultPrevented;
  }
}

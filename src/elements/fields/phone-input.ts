/** Formats the number in the phone field while the person edits it, and keeps the caret and the undo history. Loaded when the field gets focus. */
import { changeCountry, deletedRange, formatPhone, type PhoneInputState } from './format-phone.js';
import { addInteractionStyles } from './interaction-styles.js';
import { copiedNumber, plainNumber } from './parse-number.js';
import { loadPlans } from './phone-plans.js';

/** What the field shows. */
interface PhoneInputView {
  /** The countries that the page lists. Empty for all. */
  readonly countries: readonly string[];
  /** The number and the country before the event. */
  readonly entry: { readonly country?: string };
}

/** What is remembered of a field. */
interface FieldMemory {
  /** The country that the person or the page chose. */
  chosen: string;
  /** The country after the last event. */
  selected: string;
  /** The text after the last event. */
  text: string;
  /** The country at each text, so that undo restores it too. */
  readonly countryAt: Map<string, string>;
  /** The text that the next `input` event brings, which is formatted already. */
  expected: string | undefined;
  /** The calling codes whose plans were requested since the field got focus. */
  readonly requested: Set<string>;
  composing: boolean;
  /** True while this file changes the text. */
  replacing: boolean;
}

/** The text and the caret after an edit, and whether the browser would do the same. */
interface PhoneEditState extends PhoneInputState {
  readonly isNative: boolean;
}

const memories = new WeakMap<Node, FieldMemory>();
/** Whether the `input` event comes from a number that only got its spelling: on focus, or once its plan has loaded. */
export let respelling = false;

/** Handles the focus of the field and each of its events about input. */
export function handlePhoneInput(field: Element, view: PhoneInputView, event: Event): void {
  // The step for the code, and a switch to e-mail, remove the field and not what it stands in.
  const place = field.getRootNode();
  let memory = memories.get(place);
  if (!memory) {
    addInteractionStyles(field);
    memories.set(
      place,
      (memory = {
        chosen: view.entry.country ?? '',
        selected: view.entry.country ?? '',
        text: '',
        countryAt: new Map<string, string>(),
        expected: undefined,
        requested: new Set<string>(),
        composing: false,
        replacing: false,
      }),
    );
  }
  if (memory.replacing) return;
  respelling = event.type === 'focusin';
  new PhoneEdit(field, memory, view).handle(event);
  respelling = false;
}

/** One event. */
class PhoneEdit {
  readonly #input: HTMLInputElement;
  readonly #select: HTMLSelectElement;
  readonly #memory: FieldMemory;
  readonly #view: PhoneInputView;

  constructor(field: Element, memory: FieldMemory, view: PhoneInputView) {
    // By its id, which needs no search through 245 options.
    this.#input = field.querySelector('#input')!;
    this.#select = field.querySelector('select')!;
    this.#memory = memory;
    this.#view = view;
  }

  handle(event: Event): void {
    const { type, target } = event;
    const { inputType = '', isComposing = false } = event as InputEvent;
    // Chromium sends no `input` after the `compositionend`.
    this.#memory.composing = isComposing;
    if (isComposing) return;
    // The person has selected another country, or the page has: it may also have set the text, as a form's reset does.
    const isReplaced = /beforeinput|focusin/.test(type) && this.#input.value !== this.#memory.text;
    if (isReplaced || this.#select.value !== this.#memory.selected) this.#memory.chosen = this.#select.value;
    if (type === 'beforeinput') this.#beforeInput(event as InputEvent);
    else if (type === 'input' && target === this.#select) this.#countrySelected();
    else if (inputType.startsWith('history')) this.#historyRestored();
    else this.#inserted(type === 'focusin', /^(insert(Text|Comp)|delete)/.test(inputType));
    this.#remember();
  }

  #remember(): void {
    this.#memory.text = this.#input.value;
    this.#memory.selected = this.#select.value;
  }

  get #state(): PhoneInputState {
    const { value: text, selectionStart } = this.#input;
    return { text, country: this.#select.value, caret: selectionStart ?? text.length };
  }

  /** Does what the key would do, and formats the number in the same step, so that undo reverts both at once. */
  #beforeInput(event: InputEvent): void {
    const state = this.#state;
    this.#memory.countryAt.set(state.text, state.country);
    if (!event.cancelable || plainNumber(state.text) === null) return;
    const edit = withoutTornBrackets(this.#editOf(event), event);
    if (!edit || (edit.isNative && plainNumber(edit.text) === null)) return;
    const next = this.#format(edit);
    if (edit.isNative && next.text === edit.text && next.caret === edit.caret && next.country === state.country) {
      this.#memory.expected = next.text;
      return;
    }
    event.preventDefault();
    this.#show(next);
    this.#input.setSelectionRange(next.caret, next.caret);
  }

  /** The edit, not yet formatted. */
  #editOf({ inputType, data, dataTransfer }: InputEvent): PhoneEditState | undefined {
    const { value, selectionStart, selectionEnd } = this.#input;
    const [start, end] = [selectionStart ?? 0, selectionEnd ?? 0];
    const country = this.#select.value;
    if (inputType !== 'insertText' && inputType !== 'insertFromPaste') {
      const range = deletedRange(value, start, end, inputType);
      const text = range && value.slice(0, range[0]) + value.slice(range[1]);
      return text === undefined ? undefined : { text, country, caret: range![0], isNative: start !== end };
    }
    const inserted = data ?? dataTransfer?.getData('text/plain') ?? '';
    if (!inserted) return undefined;
    const number = inserted.length > 1 ? copiedNumber(inserted) : inserted;
    // A whole number with its plus replaces what is there. Only a calling code may be inserted before a number.
    const digits = plainNumber(number) ?? '';
    const replaces = digits.startsWith('+') && digits.length > (start > 0 ? 1 : 6);
    const [before, after] = replaces ? ['', ''] : [value.slice(0, start), value.slice(end)];
    const isNative = !replaces && number === inserted;
    return { text: before + number + after, country, caret: before.length + number.length, isNative };
  }

  #countrySelected(): void {
    const state = changeCountry(this.#state, this.#view.entry.country ?? '');
    this.#memory.chosen = state.country;
    this.#show({ ...this.#format(state), country: state.country });
  }

  #historyRestored(): void {
    this.#select.value = this.#memory.countryAt.get(this.#input.value) ?? this.#select.value;
  }

  /** After the browser has inserted something, or when the field gets focus. */
  #inserted(isFocus: boolean, isTyped: boolean): void {
    const { expected } = this.#memory;
    this.#memory.expected = undefined;
    if (expected === this.#input.value) return;
    if (isFocus) this.#memory.requested.clear();
    const state = this.#state;
    const text = isTyped ? state.text : copiedNumber(state.text);
    const next = this.#format(text === state.text ? state : { ...state, text, caret: text.length });
    const hasChanged = next.text !== state.text;
    this.#show(next);
    if (hasChanged && this.#hasFocus) this.#input.setSelectionRange(next.caret, next.caret);
  }

  get #hasFocus(): boolean {
    return this.#input.matches(':focus');
  }

  /** Loads the plans that the number needs, and then formats it again. */
  #format(state: PhoneInputState): PhoneInputState {
    const { requested, chosen } = this.#memory;
    const { missing, ...next } = formatPhone(state, { countries: this.#view.countries, chosen });
    if (missing && !requested.has(missing)) {
      requested.add(missing);
      loadPlans(missing).then(
        () => {
          respelling = true;
          if (this.#input.isConnected && !this.#memory.composing) this.#inserted(false, true);
          respelling = false;
        },
        () => undefined,
      );
    }
    return next;
  }

  #show({ text, country }: PhoneInputState): void {
    const hasChanged = text !== this.#input.value || country !== this.#select.value;
    this.#select.value = country;
    this.#memory.countryAt.set(text, country);
    this.#memory.replacing = true;
    const hasSent = text !== this.#input.value && this.#replaceText(text);
    // A field without the focus sends no event of its own.
    if (hasChanged && !hasSent) this.#input.dispatchEvent(new Event('input', { bubbles: true }));
    this.#memory.replacing = false;
    this.#remember();
  }

  /** Replaces what differs by a command, and not by setting `value`, which would clear the browser's undo history. True if it sent `input`. */
  #replaceText(text: string): boolean {
    const { value } = this.#input;
    const shorter = Math.min(value.length, text.length);
    let [start, tail] = [0, 0];
    while (start < shorter && value[start] === text[start]) start++;
    while (tail < shorter - start && value.at(-1 - tail) === text.at(-1 - tail)) tail++;
    if (this.#hasFocus) {
      this.#input.setSelectionRange(start, value.length - tail);
      const inserted = text.slice(start, text.length - tail);
      if (inserted) document.execCommand('insertText', false, inserted);
      else document.execCommand('delete');
    }
    if (this.#input.value === text) return true;
    // Autofill may change a field that does not have the focus.
    this.#input.value = text;
    return false;
  }
}

/** A key may remove one bracket of two, or the digits between them. The rest then looks like a note beside a number, and is none. */
function withoutTornBrackets(
  edit: PhoneEditState | undefined,
  { inputType, data }: InputEvent,
): PhoneEditState | undefined {
  if (!edit || inputType === 'insertFromPaste' || (data?.length ?? 0) > 1 || plainNumber(edit.text) !== null)
    return edit;
  const bare = (text: string) => text.replace(/[()[\]]/g, '');
  const text = bare(edit.text);
  const caret = bare(edit.text.slice(0, edit.caret)).length;
  return plainNumber(text) === null ? edit : { ...edit, text, caret, isNative: false };
}

/** Reduces what is pasted, filled in or dictated into the field for an e-mail address to the address, and asks about a typo in its domain. Loaded when the field gets focus. */
import type { TemplateResult } from 'lit';
import type { FormControlController } from '../controllers/form-control-controller.js';
import { addInteractionStyles } from './interaction-styles.js';
import { copiedAddress, toHalfWidth } from './parse-address.js';
import { afterPress } from './pointer-press.js';
import { reportSharedKey } from './shared-key.js';
import { suggestAddress } from './suggest-domain.js';

/** What the question needs of the element. */
interface QuestionView {
  readonly control: FormControlController;
  readonly entry: { readonly text: string };
  /** Draws a button with this label. */
  readonly button: (label: unknown, action: () => void) => TemplateResult;
}

/** What undo and redo have brought back into a field. It stays, until the person edits it. */
const restored = new WeakMap<HTMLInputElement, string>();
/** The field and the text that each element has last asked about. The question is shown while the field has this text. */
const asked = new WeakMap<FormControlController, { readonly input: HTMLInputElement; readonly text: string }>();
/** Fields whose text this file is changing. */
const replacing = new WeakSet<HTMLInputElement>();

/** Handles the focus of the field and each of its events about input. Never changes what is typed key by key until the person leaves the field. */
export function handleEmailInput(input: HTMLInputElement, { control }: QuestionView, event: Event): void {
  const { inputType = '', data = null, isComposing = false } = event as InputEvent;
  addInteractionStyles(input);
  if (replacing.has(input) || isComposing) return;
  switch (event.type) {
    case 'beforeinput':
      if (!isTyped(inputType, data) && inputType !== 'insertFromDrop') insertCopied(input, event as InputEvent);
      break;
    case 'input':
      if (inputType.startsWith('history')) restored.set(input, input.value);
      else if (!isTyped(inputType, data)) replaceText(input, copiedAddress(input.value));
      break;
    case 'compositionend':
      // More may follow, so the end of the text stays. Chromium sends no `input` after this event.
      replaceText(input, toHalfWidth(input.value));
      break;
    case 'change':
      if (restored.get(input) !== input.value) replaceText(input, copiedAddress(input.value));
      afterPress(() => ask(control, input));
      break;
    case 'focusin':
      reportSharedKey(input);
      afterPress(() => ask(control, input));
  }
}

/** The question whether another domain was meant, as a button that changes the text. Undefined if there is none. */
export function emailQuestion({ control, entry, button }: QuestionView): TemplateResult | undefined {
  const { input, text = '' } = asked.get(control) ?? {};
  const to = suggestAddress(text);
  if (!to || text !== entry.text || !input?.isConnected) return undefined;
  return button(control.localize.template('did-you-mean', { to }), () => {
    input.focus();
    replaceText(input, to);
  });
}

/** Shows the question, and announces it once for each text and field. Not while the code is being sent: it is asked when the person returns to the field. */
function ask(control: FormControlController, input: HTMLInputElement): void {
  const text = input.value;
  const to = suggestAddress(text);
  if (!to || !input.isConnected || control.busy) return;
  const before = asked.get(control);
  asked.set(control, { input, text });
  if (before?.text === text && before.input === input) return;
  // The focus may have moved during an update, which is over then.
  queueMicrotask(() => control.announce(control.localize.text('did-you-mean', { to })));
}

/** True for a key. A text of several characters comes from dictation, a suggestion of a keyboard, or a password manager. */
function isTyped(inputType: string, data: string | null): boolean {
  return /^(delete|insertComp|insertFromComp)/.test(inputType) || (inputType === 'insertText' && data?.length === 1);
}

/**
 * Inserts the text, and then replaces it, as two steps of the undo history. Not left to the `input` event, in which WebKit
 * has not recorded the first step yet.
 */
function insertCopied(input: HTMLInputElement, event: InputEvent): void {
  const { value, selectionStart, selectionEnd } = input;
  const pasted = event.data ?? event.dataTransfer?.getData('text/plain') ?? '';
  const text = value.slice(0, selectionStart ?? 0) + pasted + value.slice(selectionEnd ?? 0);
  const address = copiedAddress(text);
  const inserted = pasted.replace(/[\r\n]+/g, ' ');
  if (!event.cancelable || !inserted || address === text) return;
  event.preventDefault();
  replacing.add(input);
  document.execCommand('insertText', false, inserted);
  replaceText(input, address);
}

/** Replaces the text by a command, and not by setting `value`, so that undo gives back what was pasted. */
function replaceText(input: HTMLInputElement, text: string): void {
  const { value, selectionStart } = input;
  if (text === value) return;
  replacing.add(input);
  if (input.matches(':focus')) {
    input.select();
    document.execCommand('insertText', false, text);
  }
  if (input.value !== text) {
    // Autofill may change a field that does not have the focus, and `change` comes when it has lost the focus.
    input.value = text;
    input.dispatchEvent(new Event('input', { bubbles: true }));
  }
  replacing.delete(input);
  const caret = text.length === value.length ? selectionStart : text.length;
  if (input.matches(':focus')) input.setSelectionRange(caret, caret);
}

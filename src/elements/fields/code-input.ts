/** Reduces all input of the code field to the code. Loaded when the field is first shown. Without it, digits are typed as in any field. */
import { showCaret } from './code-boxes.js';
import { extractCode } from './parse-code.js';
import { reportSharedKey } from './shared-key.js';

/** Fields in which the person has deleted, replaced or inserted something since they were last empty. */
const editedFields = new WeakSet<HTMLInputElement>();

/** Handles each `beforeinput` and `input` event of the field. True when the code is complete and was not corrected by hand. */
export function handleCodeInput(event: InputEvent): boolean {
  const input = event.target as HTMLInputElement;
  showCaret(input);
  reportSharedKey(input);
  if (event.isComposing) {
    // Adding the same listener again does nothing.
    input.addEventListener('compositionend', announceCommit);
    return false;
  }
  return event.type === 'input' ? normalizeValue(input, event.inputType) : filterInsertion(input, event);
}

/** Chromium sends no `input` after an input method has committed its text. */
function announceCommit({ target }: Event): void {
  target!.dispatchEvent(new InputEvent('input', { bubbles: true }));
}

/**
 * Inserts only the code of a text that is about to be inserted. It does so by a command and not by setting `value`, which
 * would clear the browser's undo history.
 */
function filterInsertion(input: HTMLInputElement, event: InputEvent): false {
  const text = event.data ?? event.dataTransfer?.getData('text/plain');
  if (!text) return false;
  const code = extractCode(text, input.size);
  const selected = input.selectionEnd! - input.selectionStart!;
  const whole = code.length === input.size && text.length > 1;
  if (!whole && input.selectionStart! < input.value.length) editedFields.add(input);
  // A digit typed into a full field does nothing. Too many pasted digits are kept: the person may delete some.
  const fits = whole || code.length > 1 || input.value.length - selected < input.size;
  if (fits && code === text && (!whole || selected === input.value.length)) return false;
  event.preventDefault();
  // A complete code replaces everything in the field.
  if (whole) input.select();
  if (fits && code) document.execCommand('insertText', false, code);
  return false;
}

/** Handles autofill and dictation, which cannot be filtered before they are inserted. */
function normalizeValue(input: HTMLInputElement, inputType = ''): boolean {
  const code = extractCode(input.value, input.size);
  if (code !== input.value) input.value = code;
  if (!code) editedFields.delete(input);
  else if (/^(delete|history)/.test(inputType)) editedFields.add(input);
  return code.length === input.size && !editedFields.has(input);
}

/** Reduces what comes into the code field, by any way, to the code. Loaded when the field is shown; without it digits are typed as into any field. */
import { extractCode } from './parse-code.js';

/** Fields in which something was deleted, typed over or put in between since they were last empty. */
const editedFields = new WeakSet<HTMLInputElement>();

/** For every `beforeinput` and `input` event of the field: true when the code is complete, and was not corrected by hand. */
export function handleCodeInput(event: InputEvent): boolean {
  const input = event.target as HTMLInputElement;
  if (event.isComposing) return false;
  return event.type === 'input' ? normalizeValue(input, event.inputType) : filterInsertion(input, event);
}

/**
 * Takes the code out of what is about to come in. Done before it is in, and by a command, so that undo works as in any
 * field: setting `value` would empty the browser's list of what can be undone.
 */
function filterInsertion(input: HTMLInputElement, event: InputEvent): false {
  const text = event.data ?? event.dataTransfer?.getData('text/plain');
  if (!text) return false;
  const code = extractCode(text, input.size);
  const selected = input.selectionEnd! - input.selectionStart!;
  const whole = code.length === input.size && text.length > 1;
  if (!whole && input.selectionStart! < input.value.length) editedFields.add(input);
  // One digit too many, typed into a full field, does nothing; of pasted ones some may be deleted afterwards.
  const fits = whole || code.length > 1 || input.value.length - selected < input.size;
  if (fits && code === text && (!whole || selected === input.value.length)) return false;
  event.preventDefault();
  // A whole code takes the place of whatever is there.
  if (whole) input.select();
  if (fits && code) document.execCommand('insertText', false, code);
  return false;
}

/** Cleans up after what cannot be caught before: autofill and dictation. */
function normalizeValue(input: HTMLInputElement, inputType = ''): boolean {
  const code = extractCode(input.value, input.size);
  if (code !== input.value) input.value = code;
  if (!code) editedFields.delete(input);
  else if (/^(delete|history)/.test(inputType)) editedFields.add(input);
  return code.length === input.size && !editedFields.has(input);
}

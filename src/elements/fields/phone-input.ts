/** Spells the number in the phone field under the person's hands, without moving the caret away. Loaded when the field gets focus. */
import type { PhoneText } from './format-phone.js';
import { speller } from './format-phone.js';

/** Puts number and country right after `event`, or as they stand there; true if something had to change. `before` is the country until then. */
export type Spelling = (field: Element, countries: readonly string[], before: string, event?: InputEvent) => boolean;

/** Rejects if the metadata cannot be had. */
export async function spelling(): Promise<Spelling> {
  const { typed, chosen } = await speller();
  return (field, countries, before, event) => {
    const input = field.querySelector('input')!;
    const select = field.querySelector('select')!;
    const { value: text, selectionStart } = input;
    if (event?.isComposing || !text) return false;
    const now: PhoneText = { text, country: select.value, caret: selectionStart ?? text.length };
    const next =
      event?.target === select ? chosen(now, countries, before) : typed(now, countries, event?.inputType ?? '');
    select.value = next.country;
    if (next.text !== text) {
      input.value = next.text;
      input.setSelectionRange(next.caret, next.caret);
    }
    return next.text !== text || next.country !== now.country;
  };
}

/** Spells the number in the phone field under the person's hands, without moving the caret away. Loaded when the field gets focus. */
import type { PhoneInputState } from './format-phone.js';
import { loadPhoneFormatter } from './format-phone.js';

/** Puts number and country right after `event`, or as they stand there; true if something had to change. `before` is the country until then. */
export type PhoneInputHandler = (
  field: Element,
  countries: readonly string[],
  before: string,
  event?: InputEvent,
) => boolean;

/** Rejects if the metadata cannot be had. */
export async function createPhoneInputHandler(): Promise<PhoneInputHandler> {
  const { afterInput, afterCountryChange } = await loadPhoneFormatter();
  return (field, countries, before, event) => {
    const input = field.querySelector('input')!;
    const select = field.querySelector('select')!;
    const { value: text, selectionStart } = input;
    if (event?.isComposing || !text) return false;
    const now: PhoneInputState = { text, country: select.value, caret: selectionStart ?? text.length };
    const next =
      event?.target === select
        ? afterCountryChange(now, countries, before)
        : afterInput(now, countries, event?.inputType ?? '');
    select.value = next.country;
    if (next.text !== text) {
      input.value = next.text;
      input.setSelectionRange(next.caret, next.caret);
    }
    return next.text !== text || next.country !== now.country;
  };
}

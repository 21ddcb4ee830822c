/** Formats the number in the phone field while the person types, and keeps the caret in place. Loaded when the field gets focus. */
import type { PhoneInputState } from './format-phone.js';
import { loadPhoneFormatter } from './format-phone.js';

/** Corrects number and country after `event`, or without one as they are. True if it changed something. `previousCountry` was selected until now. */
export type PhoneInputHandler = (
  field: Element,
  countries: readonly string[],
  previousCountry: string,
  event?: InputEvent,
) => boolean;

/** Rejects if the metadata cannot load. */
export async function createPhoneInputHandler(): Promise<PhoneInputHandler> {
  const { afterInput, afterCountryChange } = await loadPhoneFormatter();
  return (field, countries, previousCountry, event) => {
    const input = field.querySelector('input')!;
    const select = field.querySelector('select')!;
    const { value: text, selectionStart } = input;
    if (event?.isComposing || !text) return false;
    const now: PhoneInputState = { text, country: select.value, caret: selectionStart ?? text.length };
    const next =
      event?.target === select
        ? afterCountryChange(now, countries, previousCountry)
        : afterInput(now, countries, event?.inputType ?? '');
    select.value = next.country;
    if (next.text !== text) {
      input.value = next.text;
      input.setSelectionRange(next.caret, next.caret);
    }
    return next.text !== text || next.country !== now.country;
  };
}

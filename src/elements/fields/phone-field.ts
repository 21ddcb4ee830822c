/** The field for a phone number: a country's calling code beside a plain input that spells the number as one types. */
import { html, isServer, nothing, type TemplateResult } from 'lit';
import type { ContactInput } from '../../flow/state-machine.js';
import type * as Countries from './countries.js';
import type { PhoneInputHandler } from './phone-input.js';
import type { LocalizeController } from '../controllers/localize-controller.js';

export interface PhoneFieldView {
  readonly entry: ContactInput;
  /** Those that the page lists, ISO 3166-1 alpha-2; empty for all. */
  readonly countries: readonly string[];
  readonly localize: LocalizeController;
  readonly invalid: boolean;
  readonly busy: boolean;
  readonly disabled: boolean;
  readonly edit: (entry: ContactInput) => void;
  /** The list of countries has come. */
  readonly changed: () => void;
}

let countriesModule: typeof Countries | undefined;
/** Only somebody who is about to type a number needs it; without it a number is taken as typed. */
let createPhoneInputHandler: PhoneInputHandler | undefined;

export function phoneField(view: PhoneFieldView): TemplateResult {
  const { entry, countries, localize, invalid, busy, disabled, edit } = view;
  const country = entry.country ?? '';
  // A server's names of countries, and their order, may be others than the browser's.
  if (!countriesModule && !isServer) void loadCountries(view.changed);

  const read = (field: Element) => {
    const { value: text } = field.querySelector('input')!;
    edit({ type: 'phone', text, country: field.querySelector('select')!.value });
  };
  const load = async ({ currentTarget }: Event) => {
    populateCountrySelect(currentTarget as Element, countries, localize.lang);
    createPhoneInputHandler ??= await import('./phone-input.js')
      .then((module) => module.createPhoneInputHandler())
      .catch(() => undefined);
    if (createPhoneInputHandler?.(currentTarget as Element, countries, country)) read(currentTarget as Element);
  };
  const input = (event: InputEvent) => {
    // It would leave the shadow root, as if this element had a value of that kind.
    event.stopPropagation();
    createPhoneInputHandler?.(event.currentTarget as Element, countries, country, event);
    read(event.currentTarget as Element);
  };

  return html`<div part="field" class="phone" dir="ltr" @focusin=${load} @input=${input}>
    <span class="country">
      <span aria-hidden="true">${country} ${countriesModule?.callingCode(country)}</span>
      <select aria-label=${localize.text('country-label')} .value=${country} ?disabled=${disabled || busy}>
        <option value=${country} .selected=${country}>
          ${countriesModule?.countryLabel(country, localize.lang) ?? country}
        </option>
      </select>
    </span>
    <input
      id="input"
      type="tel"
      name="tel"
      autocomplete="tel"
      aria-describedby="message hint"
      aria-invalid=${invalid || nothing}
      .value=${entry.text}
      ?readonly=${busy}
      ?disabled=${disabled}
    />
  </div>`;
}

/** Puts all countries into the list, once they have come. Not by the template: 245 of its options take longer than all the rest. */
export function populateCountrySelect(field: ParentNode, countries: readonly string[], lang: string): void {
  const select = field.querySelector('select');
  if (select) countriesModule?.populateCountries(select, countries, lang);
}

async function loadCountries(changed: () => void): Promise<void> {
  countriesModule = await import('./countries.js').catch(() => undefined);
  if (countriesModule) changed();
}

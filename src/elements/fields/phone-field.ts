/** The field for a phone number: a list of countries with calling codes, and an input that formats the number as it is typed. */
import { html, isServer, nothing, type TemplateResult } from 'lit';
import type { ContactInput } from '../../flow/state-machine.js';
import type * as Countries from './countries.js';
import type { CountryAttributes } from './countries.js';
import { regionOf } from './default-country.js';
import type * as PhoneInput from './phone-input.js';
import type { LocalizeController } from '../controllers/localize-controller.js';

interface PhoneFieldView {
  readonly entry: ContactInput;
  /** The countries that the page lists, ISO 3166-1 alpha-2. Empty for all. */
  readonly countries: readonly string[];
  readonly localize: LocalizeController;
  readonly invalid: boolean;
  readonly busy: boolean;
  readonly disabled: boolean;
  /** `respelled`: the person did not change the number. The field spells it as it formats numbers. */
  readonly edit: (entry: ContactInput, respelled?: boolean) => void;
  /** Called when the list of countries has loaded. */
  readonly changed: () => void;
}

let countriesModule: typeof Countries | undefined;
/** Loaded when the field gets focus. Without it, numbers are taken as typed. */
let phoneInput: typeof PhoneInput | undefined;

export function phoneField(view: PhoneFieldView): TemplateResult {
  const { entry, localize, invalid, busy, disabled, edit } = view;
  const country = entry.country ?? '';
  // A server may have other names of countries, in another order, than the browser.
  if (!countriesModule && !isServer) void loadCountries(view.changed);

  const handle = async (event: Event) => {
    const field = event.currentTarget as Element;
    // A browser may fill in a field that never had the focus. It then sends `change`, too.
    if (/focus|change/.test(event.type)) {
      phoneInput ??= await import('./phone-input.js').catch(() => undefined);
      // The others would leave the shadow root, as if the text were the value of the element.
    } else event.stopPropagation();
    phoneInput?.handlePhoneInput(field, view, event);
    if (event.type !== 'input') return;
    const country = field.querySelector('select')!.value;
    edit(
      { type: 'phone', country, text: field.querySelector<HTMLInputElement>('#input')!.value },
      phoneInput?.respelling,
    );
  };

  return html`<div
    part="field"
    class="box"
    dir="ltr"
    @focusin=${handle}
    @beforeinput=${handle}
    @input=${handle}
    @compositionend=${handle}
    @change=${handle}
  >
    <span part="country">
      <span aria-hidden="true">${country} ${countriesModule?.callingCode(country)}</span>
      <select
        autocomplete="tel-country-code"
        aria-label=${localize.text('country-label')}
        .value=${country}
        ?disabled=${disabled || busy}
      >
        <option value=${country} .selected=${country}>
          ${countriesModule?.countryLabel(country, localize.lang) ?? country}
        </option>
      </select>
    </span>
    <input
      id="input"
      type="tel"
      name="tel"
      enterkeyhint="send"
      autocomplete="tel"
      aria-describedby="message hint"
      aria-invalid=${invalid || nothing}
      .value=${entry.text}
      ?readonly=${busy}
      ?disabled=${disabled}
    />
  </div>`;
}

/** Fills the list of countries once they have loaded. Not in the template: 245 options would take longer than everything else. */
export function populateCountrySelect(
  field: ParentNode & Node,
  page: CountryAttributes,
  localize: LocalizeController,
): void {
  countriesModule?.populateCountries(field, page, localize, regionOf);
}

async function loadCountries(changed: () => void): Promise<void> {
  countriesModule = await import('./countries.js').catch(() => undefined);
  if (countriesModule) changed();
}

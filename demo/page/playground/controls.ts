/** The playground's controls. They show a state and report the next one; they change nothing themselves. */
import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { attributes, customProperties, personal, type Attribute, type CustomProperty } from './attributes.js';
import { forTag, lists, type Lists, type State } from './state.js';

/** What the controls report. */
export interface ControlActions {
  change(state: State): void;
  advanceClock(): void;
}

const labels: Partial<Record<string, string>> = {
  site: 'This page’s colours',
  system: 'The system’s colours',
  ledger: 'Ledger',
  candy: 'Candy',
  auto: 'As the system',
  light: 'Light',
  dark: 'Dark',
  always: 'Always asked',
  'by-account': 'By account',
  never: 'Never asked',
  ada: 'Ada, whose account asks for it',
  grace: 'Grace, whose account does not',
  none: 'Nothing',
  landline: 'The number is a landline',
  blocked: 'Twilio blocks the prefix',
  down: 'Twilio is down',
  slow: 'Twilio takes three seconds',
  expired: 'The code has expired',
};

/** `clock` is a sentence with the time of the demo's clock; null with the real Twilio. */
export function controls(state: State, clock: string | null, { change, advanceClock }: ControlActions): TemplateResult {
  const pick = (name: keyof Lists, label: string) => html`
    <label
      >${label}
      <select
        name=${name}
        @change=${({ target }: Event) => {
          const next = { ...state, [name]: (target as HTMLSelectElement).value };
          change(name === 'element' ? forTag(next, next.element) : next);
        }}
      >
        ${lists[name].map(
          (value) =>
            html`<option value=${value} .selected=${live(state[name] === value)}>${labels[value] ?? value}</option>`,
        )}
      </select></label
    >
  `;
  return html`
    <form class="panel" aria-label="Choices" @submit=${(event: Event) => event.preventDefault()}>
      <fieldset>
        <legend>Element</legend>
        ${pick('element', 'Tag')} ${pick('theme', 'Theme')} ${pick('scheme', 'Light or dark')}
      </fieldset>
      ${
        clock === null
          ? html`<p class="small quiet">
              The real Twilio serves in this run: policies, failures and the clock are for the emulator alone.
            </p>`
          : html`
              ${
                state.element === 'two-factor'
                  ? html`<fieldset>
                      <legend>Two-factor</legend>
                      ${pick('policy', 'Policy')} ${pick('account', 'Who signs in')}
                    </fieldset>`
                  : nothing
              }
              <fieldset>
                <legend>What goes wrong</legend>
                ${pick('fault', 'Failure')}
                <button type="button" class="button" @click=${advanceClock}>Turn the clock by ten minutes</button>
                <p class="small quiet" role="status">${clock}</p>
              </fieldset>
            `
      }
      <fieldset>
        <legend>Attributes</legend>
        ${attributes[state.element].map((one) => attribute(one, state, change))}
      </fieldset>
      <fieldset>
        <legend>Custom properties</legend>
        ${customProperties.map((one) => customProperty(one, state, change))}
      </fieldset>
    </form>
  `;
}

function attribute({ name, isFlag, description, choices }: Attribute, state: State, change: (state: State) => void) {
  const value = state.attributes[name];
  const set = (next: string | boolean) => {
    const { [name]: _, ...others } = state.attributes;
    change({ ...state, attributes: next === '' || next === false ? others : { ...others, [name]: next } });
  };
  const hint = html`<span class="hint" id=${`about-${name}`}
    >${description.replaceAll('`', '')}${personal.includes(name) ? ' Never part of the address.' : ''}</span
  >`;
  if (isFlag) {
    return html`<div class="flag">
      <label>
        <input
          type="checkbox"
          name=${name}
          aria-describedby=${`about-${name}`}
          .checked=${live(value === true)}
          @change=${({ target }: Event) => set((target as HTMLInputElement).checked)}
        />
        <code>${name}</code>
      </label>
      ${hint}
    </div>`;
  }
  const field = choices
    ? html`<select
        name=${name}
        aria-describedby=${`about-${name}`}
        @change=${({ target }: Event) => set((target as HTMLSelectElement).value)}
      >
        <option value="">not set</option>
        ${choices.map((one) => html`<option value=${one} .selected=${live(value === one)}>${namedChoice(name, one)}</option>`)}
      </select>`
    : html`<input
        name=${name}
        autocomplete="off"
        spellcheck="false"
        aria-describedby=${`about-${name}`}
        .value=${live(typeof value === 'string' ? value : '')}
        @change=${({ target }: Event) => set((target as HTMLInputElement).value.trim())}
      />`;
  return html`<div class="text">
    <label><code>${name}</code> ${field}</label>
    ${hint}
  </div>`;
}

function customProperty({ name, description, isColor }: CustomProperty, state: State, change: (state: State) => void) {
  const value = state.properties[name] ?? '';
  const set = ({ target }: Event) => {
    const { [name]: _, ...others } = state.properties;
    const next = (target as HTMLInputElement).value.trim();
    change({ ...state, properties: next === '' ? others : { ...others, [name]: next } });
  };
  // A color field always has a value, so it cannot be the only one.
  const swatch = html`<input
    type="color"
    aria-label=${`Choose ${name}`}
    .value=${live(/^#[\da-f]{6}$/i.test(value) ? value : '#808080')}
    @input=${set}
  />`;
  return html`<div class="text">
    <label
      ><code>${name}</code>
      <input
        name=${name}
        autocomplete="off"
        spellcheck="false"
        aria-describedby=${`about${name}`}
        .value=${live(value)}
        @change=${set}
    /></label>
    ${isColor ? swatch : nothing}
    <span class="hint" id=${`about${name}`}>${description.replaceAll('`', '')}</span>
  </div>`;
}

const languageNames = new Intl.DisplayNames('en', { type: 'language' });

function namedChoice(name: string, value: string): string {
  return name === 'lang' ? `${languageNames.of(value) ?? value} (${value})` : value;
}

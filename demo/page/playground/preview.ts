/** The chosen element, live. It is created again whenever its markup changes. */
import ledger from '../../../docs/themes/ledger.css?raw';
import candy from '../../../docs/themes/candy.css?raw';
import { isRightToLeft, propertiesRule, type State } from './state.js';

/** The example themes of the docs, and the elements' own default colours. */
export const themes: Readonly<Record<State['theme'], string>> = {
  site: '',
  system: `verify-contact,
two-factor {
  --verify-accent: initial;
  --verify-on-accent: initial;
  --verify-border: initial;
  --verify-field: initial;
  --verify-error: initial;
  --verify-radius: initial;
}`,
  ledger,
  candy,
};

const sheet = new CSSStyleSheet();
document.adoptedStyleSheets.push(sheet);

/** Renders the element into `root`, unless it is already there. */
export function showPreview(root: HTMLElement, state: State): void {
  sheet.replaceSync(`${themes[state.theme]}\n${propertiesRule(state)}`);
  root.style.colorScheme = state.scheme === 'auto' ? '' : state.scheme;
  const { lang } = state.attributes;
  root.dir = isRightToLeft(lang) ? 'rtl' : 'ltr';
  const markup = JSON.stringify([state.element, state.attributes, state.policy, state.account]);
  if (root.dataset.markup === markup) return;
  root.dataset.markup = markup;
  const element = document.createElement(state.element);
  for (const [name, value] of Object.entries(state.attributes)) element.setAttribute(name, value === true ? '' : value);
  const form = document.createElement('form');
  const note = document.createElement('p');
  note.className = 'small quiet';
  note.role = 'status';
  const say = (words: string) => (note.textContent = words);
  element.addEventListener('two-factor-not-required', () =>
    say('By this policy nothing is asked of this account, and the element shows nothing.'),
  );
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const names = [...new FormData(form).keys()];
    say(names.length === 0 ? 'Submitted, without a proof.' : `Submitted, with a proof as “${names.join('”, “')}”.`);
  });
  form.append(element);
  if ('name' in state.attributes || 'required' in state.attributes) {
    const button = document.createElement('button');
    button.className = 'button';
    button.textContent = 'Submit the form';
    form.append(button);
  }
  root.replaceChildren(form, note);
}

/** The demo's page: asks its host who is signed in, draws the cards for it, and hands proofs to the host. */
import '../../src/define.js';
import { html, render } from 'lit';
import { startDevices, showRealDevices } from './devices.js';
import { startLog } from './log.js';
import { askHost, type SessionView } from './session.js';
import { accountCard, passwordCard, secondFactorCard, type SignInActions } from './sign-in.js';
import { signUpCard } from './sign-up.js';

/** What the person reads under a form when the host says no. */
let problem: { card: 'sign-up' | 'sign-in'; sentence: string } | null = null;
let view: SessionView | null = null;

const actions: SignInActions = {
  signIn: (fields) => void ask('sign-in', 'POST', '/session', fields),
  signOut: () => void ask('sign-in', 'DELETE', '/session'),
};

// A proof is worth something only at the server: the event says that there is one, the host decides.
document.body.addEventListener('two-factor-verified', ({ proof }) => {
  void ask('sign-in', 'POST', '/session/second-factor', { proof });
});
// The host's `accounts` know it already; the page draws what they say now.
document.body.addEventListener('contact-verified', () => {
  if (view?.user) void ask('sign-in', 'GET', '/session');
});

startLog(place('log'));
await ask('sign-in', 'GET', '/session');
if (view) drawProvider(view);

async function ask(
  card: 'sign-up' | 'sign-in',
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  fields?: FormData | object,
): Promise<void> {
  const answer = await askHost(method, path, fields instanceof FormData ? Object.fromEntries(fields) : fields);
  problem = 'sentence' in answer ? { card, sentence: answer.sentence } : null;
  if ('view' in answer) view = answer.view;
  draw();
}

function draw(): void {
  render(cards(), place('cards'));
}

function cards() {
  const said = (card: 'sign-up' | 'sign-in') => (problem?.card === card ? problem.sentence : null);
  if (!view) return html`<p class="error" role="alert">${problem?.sentence}</p>`;
  if (view.user?.signedIn) return accountCard(view, actions);
  if (view.user) return secondFactorCard(view, actions, said('sign-in'));
  const signUp = (fields: FormData) => void ask('sign-up', 'POST', '/users', fields);
  return [signUpCard(signUp, said('sign-up')), passwordCard(view, actions, said('sign-in'))];
}

function drawProvider({ provider, sentence, warning }: SessionView): void {
  render(
    html`<p class="provider ${provider}">${sentence}</p>
      ${warning ? html`<p class="provider warning">${warning}</p>` : null}`,
    place('provider'),
  );
  if (provider === 'emulator') startDevices(place('devices'));
  else showRealDevices(place('devices'));
}

function place(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (!found) throw new Error(`The page has no #${id}.`);
  return found;
}

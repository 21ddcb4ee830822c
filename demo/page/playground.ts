/** The playground's script: one state, held by the address; the element, the code and the knobs follow it. */
import '../../src/define.js';
import { html, render } from 'lit';
import { codeBlock } from './code-block.js';
import { mailbox, phone } from './devices.js';
import { ask, askSession, setFaultScenario, turnClock, type SessionView } from './host.js';
import { place } from './element-by-id.js';
import { controls } from './playground/controls.js';
import { showPreview, themes } from './playground/preview.js';
import { lists, readState, writeState, type State } from './playground/state.js';
import { deliver } from './deliver-messages.js';
import { pageSnippets } from './snippets/page.js';
import { serverSnippets } from './snippets/server.js';
import { startTimeline } from './timeline.js';

let state = readState(location.search);
let view: SessionView | null = null;
/** How late the demo believes it is, in a sentence; null with the real Twilio. */
let clock: string | null = null;

const answer = await askSession();
if ('value' in answer) view = answer.value;
const hasEmulator = view?.provider === 'emulator';
if (hasEmulator) {
  deliver({
    devices: (messages) => html`${phone('phone-title', messages)}${mailbox('mail-title', messages)}`,
  });
  const now = await ask<{ now: number }>('GET', '/__demo/clock');
  if ('value' in now) clock = said(now.value.now);
} else {
  const sentence =
    'sentence' in answer ? answer.sentence : 'The real Twilio sends in this run: look at your own phone or mailbox.';
  render(html`<p class="real">${sentence}</p>`, place('devices'));
}
startTimeline(place('timeline'), hasEmulator);
await follow(null);
addEventListener('popstate', () => {
  const before = state;
  state = readState(location.search);
  void follow(before);
});

function change(next: State): void {
  const before = state;
  state = next;
  const query = writeState(state);
  history.replaceState(null, '', query ? `?${query}` : location.pathname);
  void follow(before);
}

/** Brings everything in line with the state; the host first, since the element asks it as soon as it is there. */
async function follow(before: State | null): Promise<void> {
  const wanted = state;
  draw();
  if (hasEmulator) {
    if (before?.trouble !== wanted.trouble) await setFaultScenario(wanted.trouble);
    const isSession = (one: State | null) => JSON.stringify([one?.element, one?.policy, one?.account]);
    if (isSession(before) !== isSession(wanted)) await openSession(wanted);
  }
  if (wanted === state) showPreview(place('preview'), state);
}

/** `<two-factor>` needs somebody whose password was right; `<verify-contact>` is for people who are nobody yet. */
async function openSession({ element, policy, account }: State): Promise<void> {
  // An element continues where it was after a reload; here somebody else sits down at the page.
  sessionStorage.clear();
  if (element === 'verify-contact') await ask('DELETE', '/session');
  else await ask('POST', '/session', { name: account, password: view?.seeded?.password, policy });
}

async function turn(): Promise<void> {
  const turned = await turnClock(10);
  clock = 'value' in turned ? said(turned.value.now) : turned.sentence;
  draw();
}

function said(now: number): string {
  return `The demo believes it is ${new Date(now).toLocaleTimeString('en-GB').slice(0, 5)}. A code lives ten minutes.`;
}

function draw(): void {
  render(controls(state, clock, { change, turnClock: () => void turn() }), place('controls'));
  const pick = (name: 'page' | 'server', label: string) => html`
    <label
      >${label}
      <select
        name=${name}
        @change=${({ target }: Event) => change({ ...state, [name]: (target as HTMLSelectElement).value })}
      >
        ${lists[name].map((one) => html`<option value=${one} .selected=${state[name] === one}>${one}</option>`)}
      </select></label
    >
  `;
  render(
    html`
      <h2 id="code-heading">The lines for this choice</h2>
      <div class="picks">${pick('page', 'Page')} ${pick('server', 'Server')}</div>
      ${[...pageSnippets(state, themes), ...serverSnippets(state)].map(({ title, code }) => codeBlock(title, code))}
    `,
    place('code'),
  );
}

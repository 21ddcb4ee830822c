/** The playground's script: one state, kept in the address. The element, the code and the controls follow it. */
import '../../src/define.js';
import { html, nothing, render } from 'lit';
import { codeBlock } from './code-block.js';
import { mailbox, phone } from './devices.js';
import { advanceClock, callHost, fetchSession, setFaultScenario, type SessionView } from './host.js';
import { elementById } from './element-by-id.js';
import { controls } from './playground/controls.js';
import { showPreview, themes } from './playground/preview.js';
import { lists, readState, writeState, type State } from './playground/state.js';
import { deliverMessages } from './deliver-messages.js';
import { pageSnippets } from './snippets/page.js';
import { serverSnippets } from './snippets/server.js';
import { startAnewButtons } from './start-anew.js';
import { startTimeline } from './timeline.js';

let state = readState(location.search);
let view: SessionView | null = null;
/** A sentence with the time of the demo's clock; null with the real Twilio. */
let clock: string | null = null;

const session = await fetchSession();
if ('value' in session) view = session.value;
const hasEmulator = view?.provider === 'emulator';
if (hasEmulator) {
  deliverMessages({
    devices: (messages) => html`${phone('phone-title', messages)}${mailbox('mail-title', messages)}`,
  });
  const now = await callHost<{ now: number }>('GET', '/__demo/clock');
  if ('value' in now) clock = clockSentence(now.value.now);
} else {
  const sentence =
    'sentence' in session ? session.sentence : 'The real Twilio sends in this run: look at your own phone or mailbox.';
  render(html`<p class="real">${sentence}</p>`, elementById('devices'));
}
startTimeline(elementById('timeline'), hasEmulator);
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

/** Updates everything to match the state. The host comes first, because a new element calls it at once. */
async function follow(before: State | null): Promise<void> {
  const current = state;
  draw();
  if (hasEmulator) {
    if (before?.fault !== current.fault) await setFaultScenario(current.fault);
    const sessionOf = (one: State | null) => JSON.stringify([one?.element, one?.policy, one?.account]);
    if (sessionOf(before) !== sessionOf(current)) await openSession(current);
  }
  if (current === state) showPreview(elementById('preview'), state);
}

/** `<two-factor>` needs a user whose password was right; `<verify-contact>` is for anonymous users. */
async function openSession({ element, policy, account }: State): Promise<void> {
  // An element resumes after a reload, but this is another person's session.
  sessionStorage.clear();
  if (element === 'verify-contact') await callHost('DELETE', '/session');
  else await callHost('POST', '/session', { name: account, password: view?.seeded?.password, policy });
}

async function advance(): Promise<void> {
  const advanced = await advanceClock(10);
  clock = 'value' in advanced ? clockSentence(advanced.value.now) : advanced.sentence;
  draw();
}

function turned(now: number): void {
  clock = clockSentence(now);
  draw();
}

function clockSentence(now: number): string {
  return `The demo believes it is ${new Date(now).toLocaleTimeString('en-GB').slice(0, 5)}. A code lives ten minutes.`;
}

function draw(): void {
  render(
    html`${controls(state, clock, { change, advanceClock: () => void advance() })}
    ${hasEmulator ? startAnewButtons(null, turned) : nothing}`,
    elementById('controls'),
  );
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
    elementById('code'),
  );
}

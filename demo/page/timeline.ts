/** A timeline of page, backend and Twilio in three lanes. It only observes, and shows no code, no token and no whole contact. */
import { html, nothing, render, type TemplateResult } from 'lit';
import { masked, type TwilioCall } from '../host/calls.js';
import { elementById } from './element-by-id.js';

type Lane = 'page' | 'backend' | 'twilio';

interface Entry {
  /** Milliseconds since 1970. */
  at: number;
  lane: Lane;
  what: string;
  how: string;
  isRefusal?: boolean;
}

const lanes: Record<Lane, string> = {
  page: 'Events in the page',
  backend: 'Page to backend',
  twilio: 'Backend to Twilio',
};
/** The host's own routes: sign-up, sign-in and the backend. The demo's controls and devices are not shown. */
const observedPaths = /^\/((sign-up\/)?verify\/|session|users)/;

/** Starts to observe, and renders into `root`. Calls to Twilio are observable only with the emulator. */
export function startTimeline(root: HTMLElement, hasEmulator: boolean): void {
  const entries: Entry[] = [];
  const draw = () => render(view(entries, hasEmulator), root);
  const add = (entry: Entry) => {
    entries.push(entry);
    // The browser reports a request after the events that its response caused, but it started before them.
    entries.sort((one, other) => one.at - other.at);
    entries.splice(0, entries.length - 120);
    draw();
    const list = elementById('lanes');
    list.scrollTop = list.scrollHeight;
  };
  observeElements(add);
  observeRequests(add);
  if (hasEmulator) observeTwilio(add);
  draw();
}

function observeElements(add: (entry: Entry) => void): void {
  const observe = <Name extends keyof HTMLElementEventMap>(
    name: Name,
    how: (event: HTMLElementEventMap[Name]) => string,
  ) =>
    document.addEventListener(name, (event) => {
      const tag = event.target instanceof Element ? event.target.localName : '';
      const isRefusal = name === 'problem';
      add({
        at: Date.now(),
        lane: 'page',
        what: name,
        how: `${tag} ${how(event as HTMLElementEventMap[Name])}`,
        isRefusal,
      });
    });
  observe('step-change', ({ previous, step }) => `${previous} › ${step}`);
  observe('code-sent', ({ channel, to, resent }) => `${channel} to ${ensureMasked(to)}${resent ? ', again' : ''}`);
  observe('contact-verified', ({ contact }) => (contact ? masked(contact.value) : ''));
  observe('two-factor-verified', ({ channel }) => channel);
  observe('two-factor-not-required', () => '');
  observe('problem', ({ problem }) => problem.code);
}

/** Reads the browser's own record of requests, so that nothing stands between the elements and the network. */
function observeRequests(add: (entry: Entry) => void): void {
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as PerformanceResourceTiming[]) {
      const { pathname } = new URL(entry.name);
      if (entry.initiatorType !== 'fetch' || !observedPaths.test(pathname)) continue;
      const status = entry.responseStatus;
      const how = `${status || 'no response'} · ${Math.round(entry.duration)} ms`;
      const at = performance.timeOrigin + entry.startTime;
      add({ at, lane: 'backend', what: pathname, how, isRefusal: status >= 400 || status === 0 });
    }
  }).observe({ type: 'resource', buffered: true });
}

function observeTwilio(add: (entry: Entry) => void): void {
  new EventSource('/__demo/calls').addEventListener('message', ({ data }) => {
    const { at, ms, method, path, to, channel, status, result } = JSON.parse(String(data)) as TwilioCall;
    const what = `${method} ${path.split('/').slice(-2).join('/')}`;
    const parameters = [channel, to && `to ${to}`].filter(Boolean).join(' ');
    const how = [parameters, `${status ?? 'broken off'}${result ? ` ${result}` : ''}`, `${ms} ms`]
      .filter(Boolean)
      .join(' · ');
    add({ at, lane: 'twilio', what, how, isRefusal: status === null || status >= 400 });
  });
}

/** Masks a contact, unless two-factor has masked it already. */
function ensureMasked(to: string): string {
  return to.includes('•') ? to : masked(to);
}

function view(entries: readonly Entry[], hasEmulator: boolean): TemplateResult {
  const start = entries[0]?.at ?? 0;
  return html`
    <div class="timeline" role="table" aria-label="What happened">
      <div class="heads" role="row">
        <span role="columnheader">Time</span>
        ${Object.values(lanes).map((name) => html`<span role="columnheader">${name}</span>`)}
      </div>
      <div id="lanes" role="rowgroup" tabindex="0" aria-label="Entries">
        ${entries.map((entry) => row(entry, start))}
        ${
          entries.length === 0
            ? html`<div role="row" class="none"><span role="cell">Nothing yet: send a code above.</span></div>`
            : nothing
        }
      </div>
    </div>
    ${
      hasEmulator
        ? nothing
        : html`<p class="small quiet">
            Nobody listens between the backend and Twilio here: the third lane stays empty.
          </p>`
    }
  `;
}

function row({ at, lane, what, how, isRefusal }: Entry, start: number): TemplateResult {
  const cell = (one: Lane) => html`
    <span role="cell" class=${one}>
      ${
        one === lane
          ? html`<span class="entry ${isRefusal ? 'refusal' : ''}"><b>${what}</b> <small>${how.trim()}</small></span>`
          : nothing
      }
    </span>
  `;
  return html`<div role="row" data-lane=${lane}>
    <time role="cell">${((at - start) / 1000).toFixed(2)} s</time>
    ${(['page', 'backend', 'twilio'] as const).map(cell)}
  </div>`;
}

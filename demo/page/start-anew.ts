/** Two buttons for a visitor who is stuck: the clock a day later, and everything from the start. With the emulator only. */
import { html, type TemplateResult } from 'lit';
import type { TwoFactorElement, VerifyContactElement } from '../../src/index.js';
import { advanceClock, leaveApplication } from './host.js';

/** `clock` is the time after the last turn; null before. `turned` gets the new time. */
export function startAnewButtons(clock: number | null, turned: (now: number) => void): TemplateResult {
  return html`
    <div class="anew">
      <button type="button" class="link" @click=${() => void turnByADay(turned)}>Turn the clock by a day</button>
      <button type="button" class="link" @click=${() => void startAnew()}>Start anew</button>
      <span role="status">${clock === null ? '' : `The demo believes it is ${dayOf(clock)}.`}</span>
    </div>
  `;
}

/** The elements count their waits by the real clock, so they start again. Every code of theirs has expired. */
async function turnByADay(turned: (now: number) => void): Promise<void> {
  const result = await advanceClock(24 * 60);
  if (!('value' in result)) return;
  for (const one of document.querySelectorAll<VerifyContactElement | TwoFactorElement>('verify-contact, two-factor')) {
    one.reset();
  }
  turned(result.value.now);
}

async function startAnew(): Promise<void> {
  const result = await leaveApplication();
  if (!('value' in result)) return;
  // What the elements resume after a reload belongs to the application that is gone.
  sessionStorage.clear();
  location.reload();
}

const dayOf = (now: number) =>
  new Date(now).toLocaleString('en-GB', {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    hour: '2-digit',
    minute: '2-digit',
  });

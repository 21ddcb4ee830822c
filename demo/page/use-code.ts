/** Enters a code into the element that waits for one, as the suggestion above a phone's keyboard does. */
import type { TwoFactorElement, VerifyContactElement } from '../../src/index.js';

type VerifyElement = VerifyContactElement | TwoFactorElement;

let waitingElement: VerifyElement | null = null;
/** The channel of its last code. After a switch, the code of the other channel is invalid. */
let awaitedChannel = '';

/** Remembers which element requested the last code. Calls back when an element may have started or stopped waiting. */
export function watchElements(changed: () => void): void {
  document.body.addEventListener('code-sent', ({ target, channel }) => {
    waitingElement = target as VerifyElement;
    awaitedChannel = channel;
    changed();
  });
  document.addEventListener('step-change', changed);
}

/** Whether an element on the page waits for a code from this channel. */
export function isCodeAwaited(channel: string): boolean {
  return waitingElement?.isConnected === true && waitingElement.step === 'code' && channel === awaitedChannel;
}

/** Acts as a browser that fills in a code: changes the field and dispatches an `input` event. */
export function useCode(code: string): void {
  if (!waitingElement) return;
  waitingElement.focus();
  const input = waitingElement.shadowRoot?.querySelector('input');
  if (!input) return;
  input.value = code;
  input.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true, inputType: 'insertReplacementText' }));
}

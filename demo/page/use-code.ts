/** Puts a code into the element that waits for one, as the suggestion above a phone's keyboard does. */
import type { TwoFactorElement, VerifyContactElement } from '../../src/index.js';

type VerifyElement = VerifyContactElement | TwoFactorElement;

let asked: VerifyElement | null = null;
/** By which way that code came; after a switch the code of the other way is worth nothing. */
let awaited = '';

/** Remembers which element asked for the last code, and calls back whenever another one may be waiting. */
export function watchElements(changed: () => void): void {
  document.body.addEventListener('code-sent', ({ target, channel }) => {
    asked = target as VerifyElement;
    awaited = channel;
    changed();
  });
  document.addEventListener('step-change', changed);
}

/** Whether an element on the page asks for a code that came this way. */
export function isCodeAwaited(channel: string): boolean {
  return asked?.isConnected === true && asked.step === 'code' && channel === awaited;
}

/** The element hears what it hears from a browser that fills in: the field changed, and an `input` event. */
export function useCode(code: string): void {
  if (!asked) return;
  asked.focus();
  const input = asked.shadowRoot?.querySelector('input');
  if (!input) return;
  input.value = code;
  input.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true, inputType: 'insertReplacementText' }));
}

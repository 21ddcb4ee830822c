/** Checks of input that the page can make without a request, to save the person a wait. The backend checks everything else. */
import type { ContactInput, FlowProblem } from './state-machine.js';

/** `@` decides the type: otherwise an address in the phone field would get an e-mail, though the page wants a phone number. */
export function validateContactInput({ type, text }: ContactInput): FlowProblem | null {
  if (!text.trim()) return { code: 'missing-contact' };
  return text.length > 254 || /[@＠]/.test(text) !== (type === 'email') ? { code: 'invalid-contact' } : null;
}

/** The code as it is sent to the backend: without spaces and dashes, with the digits of any script. */
export function stripSeparators(code: string): string {
  return code.replace(/[\s\p{Pd}]/gu, '');
}

/** A code of another format can only fail, so it costs no request and no attempt. */
export function validateCode(digits: string, length: number): FlowProblem | null {
  if (!digits) return { code: 'missing-code' };
  return RegExp(`^\\p{Nd}{${length}}$`, 'u').test(digits) ? null : { code: 'malformed-code' };
}

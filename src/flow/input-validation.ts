/** What the page can tell by itself about what was typed, to spare the person a wait. Everything else is the backend's to say. */
import type { ContactInput, FlowProblem } from './state-machine.js';

/** An address in the field for numbers would be sent an e-mail where the page asked for a phone, so `@` decides. */
export function validateContactInput({ type, text }: ContactInput): FlowProblem | null {
  if (!text.trim()) return { code: 'missing-contact' };
  return text.length > 254 || /[@＠]/.test(text) !== (type === 'email') ? { code: 'invalid-contact' } : null;
}

/** A code as it goes to the backend: spaces and dashes do not count, digits of any script do. */
export function stripSeparators(code: string): string {
  return code.replace(/[\s\p{Pd}]/gu, '');
}

/** A code of another form could only fail; so it costs no request and no attempt. */
export function validateCode(digits: string, length: number): FlowProblem | null {
  if (!digits) return { code: 'missing-code' };
  return RegExp(`^\\p{Nd}{${length}}$`, 'u').test(digits) ? null : { code: 'malformed-code' };
}

/** What the page can tell by itself about what was typed, to spare the person a wait. Everything else is the backend's to say. */
import type { Entry, Trouble } from './state-machine.js';

/** An address in the field for numbers would be sent an e-mail where the page asked for a phone, so `@` decides. */
export function contactMistake({ type, text }: Entry): Trouble | null {
  if (!text.trim()) return { code: 'missing-contact' };
  return text.length > 254 || /[@＠]/.test(text) !== (type === 'email') ? { code: 'invalid-contact' } : null;
}

/** A code as it goes to the backend: spaces and dashes do not count, digits of any script do. */
export function digitsOf(code: string): string {
  return code.replace(/[\s\p{Pd}]/gu, '');
}

/** A code of another form could only fail; so it costs no request and no attempt. */
export function codeMistake(digits: string, length: number): Trouble | null {
  if (!digits) return { code: 'missing-code' };
  return RegExp(`^\\p{Nd}{${length}}$`, 'u').test(digits) ? null : { code: 'malformed-code' };
}

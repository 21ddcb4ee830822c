/** Takes back a proof that the page kept. A chunk, which loads when a page first gives one. Makes no other request. */
import type { ReactiveControllerHost } from 'lit';
import type { FlowOptions } from '../../flow/options.js';
import type { SentChallenge, Step, Verified } from '../../flow/state-machine.js';
import type { ContactType, ProofResult } from '../../protocol/schemas.js';

/** What the control of an element does for it. */
export interface ProofHolder {
  readonly types: readonly ContactType[];
  readonly countries: readonly string[];
  /** The proof that the page gave back last. */
  readonly given?: string | null;
  readonly flow: { readonly step: Step; reset(given?: (now: number) => Verified): void };
  readonly options: () => FlowOptions;
  /** While it is true, no event is fired. */
  isQuiet: boolean;
}

/**
 * Shows the proof if the backend confirms it, and if it is what the element asks for: a form library may hand in that of another
 * field. The contact is that of the answer.
 */
export async function takeBack(holder: ProofHolder, host: ReactiveControllerHost, proof: string): Promise<void> {
  // The page may set its attributes after it.
  await host.updateComplete;
  const { client, purpose, context } = holder.options();
  if (purpose !== 'contact') return;
  const answer = await client.proof?.({ proof, context }, new AbortController().signal);
  // The page has given another one since, or a person is about to verify one.
  if (!answer?.ok || holder.given !== proof || !['contact', 'code'].includes(holder.flow.step.name)) return;
  if (!fits(holder, proof, answer.value)) return;
  holder.isQuiet = true;
  holder.flow.reset((now) => verifiedStep(answer.value, now));
  holder.isQuiet = false;
}

/** Whether it is this proof, and of a contact that the element asks for. */
function fits({ types, countries }: ProofHolder, proof: string, { contact, country, ...answer }: ProofResult): boolean {
  if (answer.proof !== proof || answer.purpose !== 'contact' || !types.includes(contact.type)) return false;
  return contact.type === 'email' || !countries.length || countries.includes(country ?? '');
}

/** As if its code had just been right. Its contact is in the field once the proof has expired. */
function verifiedStep(result: ProofResult, now: number): Verified {
  const { contact, country, purpose, to = contact.value } = result as Partial<ProofResult> & ProofResult;
  const channel = contact.type === 'email' ? 'email' : 'sms';
  const rest = { challenge: '', methods: [], codeLength: 6, expiresIn: 0, resendIn: 0 };
  const entry = { type: contact.type, text: contact.value, ...(country && { country }) };
  const sent: SentChallenge = { challenge: { ...rest, purpose, to, channel }, entry, expiresAt: 0, resendAt: 0 };
  return { name: 'verified', result, expiresAt: now + result.expiresIn * 1000, sent };
}

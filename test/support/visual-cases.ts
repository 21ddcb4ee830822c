/** The screenshots of the elements, one for each step: attributes, answers of the backend and actions of a user. No browser. */
import type { CheckResult, Challenge } from '../../src/protocol/schemas.js';
import type { StepName, FlowProblem } from '../../src/flow/state-machine.js';

/** An answer of the client; `never` stays pending. */
export type Reply = { ok: true; value: Challenge | CheckResult } | { ok: false; problem: FlowProblem } | 'never';

export interface VisualCase {
  /** The name of the picture. */
  readonly name: string;
  readonly tag: 'verify-contact' | 'two-factor';
  readonly attributes: Readonly<Record<string, string>>;
  /** To a send, a resend and a check. */
  readonly replies: { readonly send?: Reply; readonly resend?: Reply; readonly check?: Reply };
  /** Codes to type, and what to press: the step's button, or the link with this index. */
  readonly acts: readonly ({ readonly type: string } | 'button' | number)[];
  readonly step: StepName;
}

/** A challenge as the backend returns it. */
export function challenge(change: Partial<Challenge> = {}): Challenge {
  return {
    challenge: 'sealed',
    purpose: 'contact',
    to: '+44 7400 123456',
    channel: 'sms',
    methods: [{ channel: 'sms', to: '+44 7400 123456' }],
    codeLength: 6,
    expiresIn: 600,
    resendIn: 30,
    ...change,
  };
}

/** The key under which an element of this name, which asks for a phone number, stores its state for a reload. */
export function savedUnder(tag: string, name: string): string {
  return `verify-contact ${JSON.stringify([tag, '/verify', name, null, 'phone', ''])}`;
}

const masked = challenge({
  purpose: 'two-factor',
  to: '•••• 56',
  methods: [
    { channel: 'sms', to: '•••• 56' },
    { channel: 'email', to: 'a•••@e•••' },
  ],
});
const proof = 'eyJ.e30.c2ln';
const right: Reply = {
  ok: true,
  value: { proof, expiresIn: 1800, purpose: 'contact', contact: { type: 'phone', value: '+447400123456' } },
};
const confirmed: Reply = { ok: true, value: { proof, expiresIn: 300, purpose: 'two-factor' } };
const wrong: Reply = { ok: false, problem: { code: 'wrong-code', attemptsLeft: 2, retryIn: 12 } };
const sent: Reply = { ok: true, value: challenge() };
const sentMasked: Reply = { ok: true, value: masked };
const code = { type: '123456' };

function contact(
  name: string,
  step: StepName,
  acts: VisualCase['acts'],
  replies: VisualCase['replies'] = {},
): VisualCase {
  const attributes = { country: 'GB', contact: '07400 123456', type: 'phone email' };
  return { name, tag: 'verify-contact', attributes, replies: { send: sent, ...replies }, acts, step };
}

function twoFactor(
  name: string,
  step: StepName,
  acts: VisualCase['acts'],
  replies: VisualCase['replies'] = {},
): VisualCase {
  return { name, tag: 'two-factor', attributes: {}, replies: { send: sentMasked, ...replies }, acts, step };
}

/** In the order of a journey. `<two-factor>` shows nothing where it is not required, nor in `starting`. */
export const visualCases: readonly VisualCase[] = [
  contact('contact', 'contact', []),
  { ...contact('contact-email', 'contact', []), attributes: { type: 'email', contact: 'ada@example.com' } },
  { ...contact('contact-missing', 'contact', ['button']), attributes: { country: 'GB' } },
  contact('sending', 'sending', ['button'], { send: 'never' }),
  contact('code', 'code', ['button']),
  contact('code-wrong', 'code', ['button', code, 'button'], { check: wrong }),
  contact('code-over', 'code', ['button'], { send: { ok: true, value: challenge({ expiresIn: 0 }) } }),
  contact('checking', 'checking', ['button', code, 'button'], { check: 'never' }),
  contact('resending', 'resending', ['button', 0], {
    send: { ok: true, value: challenge({ resendIn: 0 }) },
    resend: 'never',
  }),
  contact('contact-again', 'contact', ['button', 1]),
  contact('verified', 'verified', ['button', code, 'button'], { check: right }),
  twoFactor('second-sending', 'sending', [], { send: 'never' }),
  twoFactor('second-code', 'code', []),
  twoFactor('second-verified', 'verified', [code, 'button'], { check: confirmed }),
  twoFactor('second-unavailable', 'unavailable', [], { send: { ok: false, problem: { code: 'not-available' } } }),
];

/** The machine: which step follows which. Pure: no DOM, no clock, no network; deadlines come in with the moves. */
import type { Challenge, Channel, CheckResult, ContactType, Problem } from '../protocol/schemas.js';
import type { ProblemCode } from '../protocol/problems.js';

/** What a person typed in the contact step, exactly as typed, and the country that was selected beside it. */
export interface Entry {
  readonly type: ContactType;
  readonly text: string;
  /** ISO 3166-1 alpha-2 */
  readonly country?: string;
}

/** A challenge that a code went out for. The deadlines are `Date.now()` of this page; `entry` is missing in two-factor. */
export interface Sent {
  readonly challenge: Challenge;
  readonly entry?: Entry | undefined;
  /** 0 once the backend has said that the code is over. */
  readonly expiresAt: number;
  readonly resendAt: number;
}

/** A challenge as it arrives at `now`. */
export function sentAt(now: number, challenge: Challenge, entry?: Entry): Sent {
  return { challenge, entry, expiresAt: now + challenge.expiresIn * 1000, resendAt: now + challenge.resendIn * 1000 };
}

/** Where a code by this channel would go: to the same destination, unless a method says otherwise. */
export function destination({ methods, to }: Challenge, channel: Channel | undefined): string {
  return methods.find((method) => method.channel === channel)?.to ?? to;
}

/** What went wrong, in codes that the backend answers with and five that only the page can know. */
export interface Trouble extends Pick<Problem, 'attemptsLeft' | 'retryIn'> {
  readonly code: ProblemCode | 'unreachable' | 'proof-expired' | 'missing-contact' | 'missing-code' | 'malformed-code';
  /** When trying again makes sense, in `Date.now()`. */
  readonly retryAt?: number;
}

export interface Starting {
  readonly name: 'starting';
}
export interface ContactStep {
  readonly name: 'contact';
  readonly entry: Entry;
  /** Where *Go back* leads: the last challenge that a code went out for. */
  readonly back: Sent | null;
  readonly problem: Trouble | null;
}
export interface CodeStep {
  readonly name: 'code';
  readonly sent: Sent;
  /** Challenges of the other destinations, so that switching back to a living one sends nothing. */
  readonly others: readonly Sent[];
  readonly problem: Trouble | null;
}
/** `before` is the step to return to if it fails. */
export interface Sending {
  readonly name: 'sending';
  readonly entry: Entry | null;
  readonly before: Starting | ContactStep | CodeStep | Unavailable;
}
export interface Checking {
  readonly name: 'checking';
  readonly before: CodeStep;
}
export interface Resending {
  readonly name: 'resending';
  readonly channel: Channel;
  readonly before: CodeStep;
}
export interface Verified {
  readonly name: 'verified';
  readonly result: CheckResult;
  /** When the proof runs out, in `Date.now()`. */
  readonly expiresAt: number;
  readonly sent: Sent;
}
export interface NotRequiredStep {
  readonly name: 'not-required';
}
export interface Unavailable {
  readonly name: 'unavailable';
  readonly problem: Trouble;
}

/** Where a person is. The name is also the CSS `:state()`, the `step-change` value and the heading in the docs. */
export type Step =
  Starting | ContactStep | Sending | CodeStep | Checking | Resending | Verified | NotRequiredStep | Unavailable;
export type StepName = Step['name'];

/** What happened. A move that means nothing in a step leaves it as it is, so a double click is harmless. */
export type Move =
  | { readonly type: 'opened'; readonly entry: Entry }
  | { readonly type: 'restored'; readonly step: ContactStep | CodeStep }
  | { readonly type: 'edited'; readonly entry: Entry }
  | { readonly type: 'send-pressed'; readonly entry: Entry | null }
  | { readonly type: 'sent'; readonly sent: Sent }
  | { readonly type: 'not-required' }
  | { readonly type: 'refused'; readonly problem: Trouble }
  /** The element left the page while it waited: nobody knows the answer. */
  | { readonly type: 'aborted' }
  | { readonly type: 'submit-pressed' }
  | { readonly type: 'verified'; readonly result: CheckResult; readonly expiresAt: number }
  | { readonly type: 'resend-pressed'; readonly channel: Channel }
  | { readonly type: 'switched'; readonly sent: Sent }
  | { readonly type: 'change-pressed' }
  | { readonly type: 'back-pressed' }
  | { readonly type: 'expired' }
  | { readonly type: 'proof-expired' }
  | { readonly type: 'reset' };

const moves = {
  starting: {
    opened: (_, { entry }) => contact(entry),
    restored: (_, { step }) => step,
    'send-pressed': (before, { entry }) => ({ name: 'sending', entry, before }),
  },
  contact: {
    edited: (step, { entry }) => ({ ...step, entry, problem: null }),
    'send-pressed': (before, { entry }) => (entry ? { name: 'sending', entry, before: { ...before, entry } } : before),
    'back-pressed': (step) => (step.back ? code(step.back) : step),
    refused: (step, { problem }) => ({ ...step, problem }),
  },
  sending: {
    sent: ({ before }, { sent }) => code(sent, before.name === 'code' ? keep(before, sent) : []),
    'not-required': () => ({ name: 'not-required' }),
    refused: ({ before }, { problem }) => {
      if (before.name === 'contact') return { ...before, problem };
      return before.name === 'code' ? failed(before, problem) : { name: 'unavailable', problem };
    },
    aborted: ({ before }) => before,
  },
  code: {
    'submit-pressed': (before) => ({ name: 'checking', before: { ...before, problem: null } }),
    'resend-pressed': (before, { channel }) => ({ name: 'resending', channel, before: { ...before, problem: null } }),
    'send-pressed': (before, { entry }) => ({ name: 'sending', entry, before: { ...before, problem: null } }),
    switched: (step, { sent }) => code(sent, keep(step, sent)),
    'change-pressed': (step) => (step.sent.entry ? contact(step.sent.entry, step.sent) : step),
    expired: (step) => over(step, { code: 'code-expired' }),
    refused: (step, { problem }) => ({ ...step, problem }),
  },
  checking: {
    verified: ({ before }, { result, expiresAt }) => ({ name: 'verified', result, expiresAt, sent: before.sent }),
    refused: ({ before }, { problem }) => failed(before, problem),
    aborted: ({ before }) => before,
  },
  resending: {
    sent: ({ before }, { sent }) => code(sent, keep(before, sent)),
    refused: ({ before, channel }, { problem }) => failed(before, problem, channel),
    aborted: ({ before }) => before,
  },
  verified: {
    'proof-expired': ({ sent }) => spent(sent, { code: 'proof-expired' }),
  },
  'not-required': {},
  unavailable: {
    'send-pressed': (before, { entry }) => ({ name: 'sending', entry, before }),
  },
} satisfies Table as Table;

/** The step after `step` when `move` has happened; `step` itself where the move means nothing. `reset` leads to `starting` from everywhere. */
export function next(step: Step, move: Move): Step {
  if (move.type === 'reset') return { name: 'starting' };
  const row = moves[step.name] as Partial<Record<Move['type'], (step: Step, move: Move) => Step>>;
  return row[move.type]?.(step, move) ?? step;
}

function contact(entry: Entry, back: Sent | null = null, problem: Trouble | null = null): ContactStep {
  return { name: 'contact', entry, back, problem };
}

function code(sent: Sent, others: readonly Sent[] = []): CodeStep {
  return { name: 'code', sent, others, problem: null };
}

/** The challenges to keep once `sent` is the one shown: one for each destination. */
function keep({ sent: shown, others }: CodeStep, sent: Sent): readonly Sent[] {
  return [shown, ...others].filter((other) => other.challenge.to !== sent.challenge.to);
}

function over(step: CodeStep, problem: Trouble): CodeStep {
  return { ...step, sent: { ...step.sent, expiresAt: 0 }, problem };
}

/** A challenge that can never work again: back to the contact, which is kept, or in two-factor to the very start. */
function spent({ entry }: Sent, problem: Trouble): Step {
  return entry ? contact(entry, null, problem) : { name: 'unavailable', problem };
}

function failed(step: CodeStep, problem: Trouble, asked?: Channel): Step {
  const { sent } = step;
  switch (problem.code) {
    case 'code-expired':
      return over(step, problem);
    case 'invalid-challenge':
    case 'contact-in-use':
    case 'unauthenticated':
    case 'two-factor-needed':
      return spent(sent, problem);
    case 'resend-too-soon':
    case 'too-many-sends':
      // A wait belongs to its destination: the e-mail's is not the phone's.
      if (destination(sent.challenge, asked) !== sent.challenge.to) return { ...step, problem };
      return { ...step, sent: { ...sent, resendAt: problem.retryAt ?? sent.resendAt }, problem };
    default:
      return { ...step, problem };
  }
}

type Table = {
  [Name in StepName]: {
    [Type in Move['type']]?: (step: Extract<Step, { name: Name }>, move: Extract<Move, { type: Type }>) => Step;
  };
};

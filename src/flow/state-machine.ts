/** The state machine: which step follows which. Pure: no DOM, no clock, no network. Events bring the deadlines. */
import type { Challenge, Channel, CheckResult, ContactType, Problem } from '../protocol/schemas.js';
import type { ProblemCode } from '../protocol/problems.js';
import { isKnownChannel } from './known-channels.js';

/** What a person entered in the contact step: the text exactly as typed, and the selected country. */
export interface ContactInput {
  readonly type: ContactType;
  readonly text: string;
  /** ISO 3166-1 alpha-2 */
  readonly country?: string;
}

/** A challenge for which a code was sent. The deadlines are in `Date.now()` of this page. Two-factor has no `entry`. */
export interface SentChallenge {
  readonly challenge: Challenge;
  readonly entry?: ContactInput | undefined;
  /** 0 once the code has expired, or its tries are used up, and the person has seen that. */
  readonly expiresAt: number;
  readonly resendAt: number;
}

/** A challenge that arrives at `now`, without methods that this version does not know. */
export function receiveChallenge(now: number, challenge: Challenge, entry?: ContactInput): SentChallenge {
  const methods = challenge.methods.filter(({ channel }) => isKnownChannel(channel));
  const [expiresAt, resendAt] = [now + challenge.expiresIn * 1000, now + challenge.resendIn * 1000];
  return { challenge: { ...challenge, methods }, entry, expiresAt, resendAt };
}

/** The destination of a code by this channel: the same one, unless a method has its own. */
export function destination({ methods, to }: Challenge, channel: Channel | undefined): string {
  return methods.find((method) => method.channel === channel)?.to ?? to;
}

/** The step that is shown: during a request, the one before it. */
export function shownStep(step: Step): Step {
  return 'previous' in step ? step.previous : step;
}

/** What the person reads to be wrong in this step. Null while a request is in progress. */
export function problemOf(step: Step): FlowProblem | null {
  return (step as Partial<CodeStep>).problem ?? null;
}

/** The code step that is shown, also during a request. */
export function currentCodeStep(step: Step): CodeStep | null {
  const shown = shownStep(step);
  return shown.name === 'code' ? shown : null;
}

/** What went wrong: the backend's problem codes, and five that only the page can know. */
export interface FlowProblem extends Pick<Problem, 'attemptsLeft' | 'retryIn'> {
  readonly code: ProblemCode | 'unreachable' | 'proof-expired' | 'missing-contact' | 'missing-code' | 'malformed-code';
  /** When another try makes sense, in `Date.now()`. */
  readonly retryAt?: number;
}

export interface Starting {
  readonly name: 'starting';
}
export interface ContactStep {
  readonly name: 'contact';
  readonly entry: ContactInput;
  /** The last challenge for which a code was sent. *Go back* returns to it. */
  readonly back: SentChallenge | null;
  readonly problem: FlowProblem | null;
}
export interface CodeStep {
  readonly name: 'code';
  readonly sent: SentChallenge;
  /** Challenges of the other destinations, so that switching back to a valid one sends nothing. */
  readonly others: readonly SentChallenge[];
  /** When the next code can be checked, in `Date.now()`. 0 until one was refused. */
  readonly checkAt: number;
  readonly problem: FlowProblem | null;
}
/** `previous` is the step to return to if the request fails. Its problem stays in sight until there is an answer, so that nothing moves under a finger. */
export interface Sending {
  readonly name: 'sending';
  readonly entry: ContactInput | null;
  readonly previous: Starting | ContactStep | CodeStep | Unavailable;
}
export interface Checking {
  readonly name: 'checking';
  readonly previous: CodeStep;
}
export interface Resending {
  readonly name: 'resending';
  readonly channel: Channel;
  readonly previous: CodeStep;
}
export interface Verified {
  readonly name: 'verified';
  readonly result: CheckResult;
  /** When the proof expires, in `Date.now()`. */
  readonly expiresAt: number;
  readonly sent: SentChallenge;
}
export interface NotRequiredStep {
  readonly name: 'not-required';
}
export interface Unavailable {
  readonly name: 'unavailable';
  readonly problem: FlowProblem;
}

/** The step that a person is in. Its name is also the CSS `:state()`, the value in `step-change` and the heading in the docs. */
export type Step =
  Starting | ContactStep | Sending | CodeStep | Checking | Resending | Verified | NotRequiredStep | Unavailable;
export type StepName = Step['name'];

/** What happened. An event that means nothing in a step does not change it, so a double click is harmless. */
export type FlowEvent =
  | { readonly type: 'opened'; readonly entry: ContactInput }
  /** The step before a reload, or a proof that the page gave back and the backend confirmed. */
  | { readonly type: 'restored'; readonly step: ContactStep | CodeStep | Verified }
  /** The contact or the code. `respelled`: the element spelled the same contact in another way. */
  | { readonly type: 'edited'; readonly entry?: ContactInput | undefined; readonly respelled: boolean }
  | { readonly type: 'send-pressed'; readonly entry: ContactInput | null }
  | { readonly type: 'sent'; readonly sent: SentChallenge }
  | { readonly type: 'not-required' }
  | { readonly type: 'refused'; readonly problem: FlowProblem }
  /** The element left the page during a request, so the outcome is unknown. */
  | { readonly type: 'aborted' }
  | { readonly type: 'submit-pressed' }
  | { readonly type: 'verified'; readonly result: CheckResult; readonly expiresAt: number }
  | { readonly type: 'resend-pressed'; readonly channel: Channel }
  | { readonly type: 'switched'; readonly sent: SentChallenge }
  | { readonly type: 'change-pressed' }
  | { readonly type: 'back-pressed' }
  | { readonly type: 'expired' }
  | { readonly type: 'proof-expired' }
  | { readonly type: 'reset' };

const transitions = {
  starting: {
    opened: (_, { entry }) => contact(entry),
    restored: (_, { step }) => step,
    'send-pressed': (previous, { entry }) => ({ name: 'sending', entry, previous }),
  },
  contact: {
    edited: (step, { entry = step.entry, respelled }) => ({ ...step, entry, problem: respelled ? step.problem : null }),
    'send-pressed': (step, { entry }) => (entry ? { name: 'sending', entry, previous: { ...step, entry } } : step),
    'back-pressed': (step) => (step.back ? code(step.back) : step),
    refused: (step, { problem }) => ({ ...step, problem }),
  },
  sending: {
    sent: ({ previous }, { sent }) => code(sent, previous.name === 'code' ? otherChallenges(previous, sent) : []),
    'not-required': () => ({ name: 'not-required' }),
    refused: ({ previous }, { problem }) => {
      if (previous.name === 'contact') return { ...previous, problem };
      return previous.name === 'code' ? afterRefusal(previous, problem) : { name: 'unavailable', problem };
    },
    aborted: ({ previous }) => previous,
  },
  code: {
    // What was said of the code in the field is not said of the next one. That it has expired stays true.
    edited: (step) => (step.problem && step.sent.expiresAt ? { ...step, problem: null } : step),
    'submit-pressed': (previous) => ({ name: 'checking', previous }),
    'resend-pressed': (previous, { channel }) => ({ name: 'resending', channel, previous }),
    'send-pressed': (previous, { entry }) => ({ name: 'sending', entry, previous }),
    switched: (step, { sent }) => code(sent, otherChallenges(step, sent)),
    'change-pressed': (step) => (step.sent.entry ? contact(step.sent.entry, step.sent) : step),
    expired: (step) => expireCode(step, { code: 'code-expired' }),
    refused: (step, { problem }) => ({ ...step, problem }),
  },
  checking: {
    verified: ({ previous }, { result, expiresAt }) => ({ name: 'verified', result, expiresAt, sent: previous.sent }),
    refused: ({ previous }, { problem }) => afterRefusal({ ...previous, checkAt: problem.retryAt ?? 0 }, problem),
    aborted: ({ previous }) => previous,
  },
  resending: {
    sent: ({ previous }, { sent }) => code(sent, otherChallenges(previous, sent)),
    refused: ({ previous, channel }, { problem }) => afterRefusal(previous, problem, channel),
    aborted: ({ previous }) => previous,
  },
  verified: {
    'change-pressed': (step) => (step.sent.entry ? contact(step.sent.entry) : step),
    'proof-expired': ({ sent }) => afterDeadChallenge(sent, { code: 'proof-expired' }),
  },
  'not-required': {},
  unavailable: {
    'send-pressed': (previous, { entry }) => ({ name: 'sending', entry, previous }),
  },
} satisfies Table as Table;

/** The step that follows `step` after `event`. Returns `step` itself if the event means nothing there. `reset` leads to `starting` from any step. */
export function transition(step: Step, event: FlowEvent): Step {
  if (event.type === 'reset') return { name: 'starting' };
  const row = transitions[step.name] as Partial<Record<FlowEvent['type'], (step: Step, event: FlowEvent) => Step>>;
  return row[event.type]?.(step, event) ?? step;
}

function contact(
  entry: ContactInput,
  back: SentChallenge | null = null,
  problem: FlowProblem | null = null,
): ContactStep {
  return { name: 'contact', entry, back, problem };
}

function code(sent: SentChallenge, others: readonly SentChallenge[] = []): CodeStep {
  return { name: 'code', sent, others, checkAt: 0, problem: null };
}

/** The challenges to keep when `sent` is shown: one for each other destination. */
function otherChallenges({ sent: current, others }: CodeStep, sent: SentChallenge): readonly SentChallenge[] {
  return [current, ...others].filter((other) => other.challenge.to !== sent.challenge.to);
}

/** The code can never be right again. Another one is sent from here. */
function expireCode(step: CodeStep, problem: FlowProblem): CodeStep {
  return { ...step, sent: { ...step.sent, expiresAt: 0 }, problem };
}

/** The challenge can never work again. Returns to the contact step and keeps the contact. In two-factor the person has to start again. */
function afterDeadChallenge({ entry }: SentChallenge, problem: FlowProblem): Step {
  return entry ? contact(entry, null, problem) : { name: 'unavailable', problem };
}

function afterRefusal(step: CodeStep, problem: FlowProblem, requested?: Channel): Step {
  const { sent } = step;
  if (problem.attemptsLeft === 0) return expireCode(step, { ...problem, code: 'too-many-attempts' });
  switch (problem.code) {
    case 'code-expired':
      return expireCode(step, problem);
    case 'invalid-challenge':
    case 'contact-in-use':
    case 'unauthenticated':
    case 'two-factor-needed':
      return afterDeadChallenge(sent, problem);
    case 'resend-too-soon':
    case 'too-many-sends':
    case 'too-many-attempts':
      // A wait belongs to one destination: a wait for the e-mail address does not concern the phone.
      if (destination(sent.challenge, requested) !== sent.challenge.to) return { ...step, problem };
      return { ...step, sent: { ...sent, resendAt: Math.max(sent.resendAt, problem.retryAt ?? 0) }, problem };
    default:
      return { ...step, problem };
  }
}

type Table = {
  [Name in StepName]: {
    [Type in FlowEvent['type']]?: (
      step: Extract<Step, { name: Name }>,
      event: Extract<FlowEvent, { type: Type }>,
    ) => Step;
  };
};

/** Chooses the sentences that announce a change of step, a request or a problem. Pure: no DOM, no clock. */
import type { FlowController } from '../../flow/flow-controller.js';
import {
  currentCodeStep,
  problemOf,
  shownStep,
  type CodeStep,
  type FlowProblem,
  type Step,
} from '../../flow/state-machine.js';
import type { Values, LocalizeController } from './localize-controller.js';
import type { MessageKey } from '../../locales/en.js';

/** A sentence by name, with its values. */
export interface Announcement {
  readonly key: MessageKey;
  readonly values?: Values;
}

/** The announcement of a change of step for people who cannot see it. Null if focus and labels are enough. */
export function announcementFor(step: Step, previous: Step): Announcement | null {
  switch (step.name) {
    case 'starting':
    case 'sending':
    case 'checking':
      return { key: step.name };
    case 'resending':
      return { key: 'sending' };
    case 'code':
      return step.problem || currentCodeStep(previous)?.sent === step.sent
        ? null
        : codeSentAnnouncement(step, previous);
    case 'verified': {
      const { purpose, to } = step.sent.challenge;
      return purpose === 'contact' ? { key: 'verified', values: { to } } : { key: 'confirmed' };
    }
    default:
      return null;
  }
}

/** A code was sent, or one that was sent before is shown again. After a reload nothing has happened. */
function codeSentAnnouncement({ sent }: CodeStep, previous: Step): Announcement | null {
  const { to, channel, codeLength } = sent.challenge;
  const before = currentCodeStep(previous)?.sent;
  // A code keeps its lifetime however often it is sent, so another one expires later.
  const isResent = before?.challenge.to === to && sent.expiresAt - before.expiresAt < 9000;
  if ('previous' in previous) return { key: isResent ? 'code-sent-again' : 'code-sent', values: { to } };
  return previous.name === 'starting' ? null : { key: `code-hint-${channel}`, values: { to, n: codeLength } };
}

/** The problem that is shown with its wait, or the wait alone. Empty if there is neither. */
export function failureText(
  localize: LocalizeController,
  { step, retryIn }: Pick<FlowController, 'step' | 'retryIn'>,
): string {
  const shown = shownStep(step);
  const problem = problemOf(shown);
  const type = shown.name === 'contact' ? shown.entry.type : '';
  const length = currentCodeStep(step)?.sent.challenge.codeLength;
  const wait: MessageKey | false = retryIn ? 'retry-wait' : !!problem?.retryIn && 'retry-ready';
  const sentences = [
    problem && problemText(localize, problem, type, length),
    wait && localize.text(wait, { when: retryIn }),
  ];
  return sentences.filter(Boolean).join(' ');
}

/** The sentence for a problem, with the number of tries left. `type` is the type of the contact, on which some sentences depend. */
export function problemText(
  localize: LocalizeController,
  { code, attemptsLeft }: FlowProblem,
  type: string,
  codeLength = 0,
): string {
  const key = [`${code}-${type}`, code].find((one): one is MessageKey => localize.hasProblem(one));
  const sentence = localize.text(key ?? 'unavailable', { n: codeLength });
  return attemptsLeft ? `${sentence} ${localize.text('tries-left', { n: attemptsLeft })}` : sentence;
}

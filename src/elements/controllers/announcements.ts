/** Which sentence tells a person what has just happened. Pure: no DOM, no clock. */
import type { CodeStep, Step, StepName, FlowProblem } from '../../flow/state-machine.js';
import type { Values, LocalizeController } from './localize-controller.js';
import type { MessageKey } from '../../locales/en.js';

/** A sentence by name. */
export interface Announcement {
  readonly key: MessageKey;
  readonly values?: Values;
}

/** What a change of step says to those who cannot see it; null where focus and labels say it all. */
export function announcementFor(step: Step, previous: Step): Announcement | null {
  switch (step.name) {
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

/** A code was sent, or it is one that was sent before and still counts. After a reload nothing has happened. */
function codeSentAnnouncement({ sent }: CodeStep, previous: Step): Announcement | null {
  const { to, channel } = sent.challenge;
  const again = currentCodeStep(previous)?.sent.challenge.to === to;
  if ('previous' in previous) return { key: again ? 'code-sent-again' : 'code-sent', values: { to } };
  return previous.name === 'starting' ? null : { key: `code-hint-${channel}`, values: { to } };
}

/** The code step that is shown, also while something is under way. */
export function currentCodeStep(step: Step): CodeStep | null {
  const shown = 'previous' in step ? step.previous : step;
  return shown.name === 'code' ? shown : null;
}

/** What the backend does at the moment, for those who can see it. */
export const busyMessages: Readonly<Partial<Record<StepName, MessageKey>>> = {
  starting: 'starting',
  sending: 'sending',
  resending: 'sending',
  checking: 'checking',
};

/** A problem in words, with the tries that are left. `asked` is what the field asks for, where the sentence depends on it. */
export function problemText(
  localize: LocalizeController,
  { code, attemptsLeft }: FlowProblem,
  asked: string,
  codeLength = 0,
): string {
  const key = [`${code}-${asked}`, code].find((one): one is MessageKey => localize.has(one));
  const sentence = localize.text(key ?? 'unavailable', { n: codeLength });
  return attemptsLeft === undefined ? sentence : `${sentence} ${localize.text('tries-left', { n: attemptsLeft })}`;
}

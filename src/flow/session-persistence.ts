/** What survives a reload, in `sessionStorage`: what was typed and what was sent. Never a code, never a proof; storage that fails is as good as none. */
import type { FlowOptions } from './options.js';
import { isEntry, isSent } from './type-guards.js';
import { receiveChallenge, type CodeStep, type ContactStep, type SentChallenge, type Step } from './state-machine.js';

type StorageLocation = Pick<FlowOptions, 'storageKey' | 'storage'>;

/** The step to go on with, or null. No deadline comes out later than its original span from `now`. */
export function loadStep(place: StorageLocation, now: number): ContactStep | CodeStep | null {
  let step: ContactStep | CodeStep | null = null;
  withStorage(place, (storage, key) => {
    step = restore(JSON.parse(storage.getItem(key) ?? 'null') as ContactStep | CodeStep | null, now);
  });
  return step;
}

/** Keeps what this step needs. A step with nothing to keep, as after success, clears. */
export function saveStep(place: StorageLocation, step: Step): void {
  // A request that a reload cuts off is as if it had not been made.
  const still = 'previous' in step ? step.previous : step;
  withStorage(place, (storage, key) => {
    if (isKept(still)) storage.setItem(key, JSON.stringify(still));
    else storage.removeItem(key);
  });
}

/** Reading `sessionStorage` throws in a sandboxed frame and where cookies are blocked; writing throws when it is full. */
function withStorage(
  { storageKey: storageKey, storage = () => sessionStorage }: StorageLocation,
  act: (storage: Storage, key: string) => void,
): void {
  try {
    if (storageKey) act(storage(), `verify-contact ${storageKey}`);
  } catch {
    // The flow works on without it.
  }
}

/** Whoever uses the page next must not find what was typed in a session that has ended. */
function isKept(step: Step): boolean {
  if (step.name !== 'contact' && step.name !== 'code') return false;
  return step.problem?.code !== 'unauthenticated' && step.problem?.code !== 'invalid-challenge';
}

/** Storage belongs to the whole origin, and to older versions of this file as well: what does not fit is not there. */
function restore(step: ContactStep | CodeStep | null, now: number): ContactStep | CodeStep | null {
  // A clock set back meanwhile would give the code hours to live, and the resend hours to wait.
  const clamp = (sent: SentChallenge): SentChallenge => {
    const { expiresAt, resendAt } = receiveChallenge(now, sent.challenge);
    return { ...sent, expiresAt: Math.min(sent.expiresAt, expiresAt), resendAt: Math.min(sent.resendAt, resendAt) };
  };
  if (step?.name === 'code' && isSent(step.sent)) {
    return { ...step, sent: clamp(step.sent), others: step.others.filter(isSent).map(clamp), problem: null };
  }
  if (step?.name === 'contact' && isEntry(step.entry)) {
    return { ...step, back: isSent(step.back) ? clamp(step.back) : null, problem: null };
  }
  return null;
}

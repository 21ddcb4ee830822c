/** Keeps the input and the challenges in `sessionStorage`, so that they survive a reload. Never keeps a code or a proof. If storage fails, nothing is kept. */
import type { FlowOptions, FlowPlatform } from './options.js';
import { isEntry, isSent } from './type-guards.js';
import {
  receiveChallenge,
  shownStep,
  type CodeStep,
  type ContactStep,
  type SentChallenge,
  type Step,
} from './state-machine.js';

type StorageLocation = Pick<FlowOptions, 'storageKey'> & Pick<FlowPlatform, 'storage'>;

/** The step to continue with, or null. No deadline is later than its original time span from `now`. */
export function loadStep(location: StorageLocation, now: number): ContactStep | CodeStep | null {
  let step: ContactStep | CodeStep | null = null;
  withStorage(location, (storage, key) => {
    step = restore(JSON.parse(storage.getItem(key) ?? 'null') as ContactStep | CodeStep | null, now);
  });
  return step;
}

/** Saves what this step needs. A step with nothing to save, as after success, clears the storage. */
export function saveStep(location: StorageLocation, step: Step): void {
  // A reload aborts the request, so the step before it is saved.
  const stable = shownStep(step);
  withStorage(location, (storage, key) => {
    if (isKept(stable)) storage.setItem(key, JSON.stringify(stable));
    else storage.removeItem(key);
  });
}

/** Reading `sessionStorage` throws in a sandboxed frame and where cookies are blocked; writing throws when it is full. */
function withStorage(
  { storageKey, storage = () => sessionStorage }: StorageLocation,
  act: (storage: Storage, key: string) => void,
): void {
  try {
    if (storageKey) act(storage(), `verify-contact ${storageKey}`);
  } catch {
    // The flow works without it.
  }
}

/** The next user of the page must not find what was typed in a session that is over. */
function isKept(step: Step): boolean {
  if (step.name !== 'contact' && step.name !== 'code') return false;
  return step.problem?.code !== 'unauthenticated' && step.problem?.code !== 'invalid-challenge';
}

/** The whole origin writes to this storage, and so did older versions of this file. Data of another shape is ignored. */
function restore(step: ContactStep | CodeStep | null, now: number): ContactStep | CodeStep | null {
  // If the clock was set back meanwhile, the code would live for hours, and resending would have to wait for hours.
  const clamp = (sent: SentChallenge): SentChallenge => {
    const { challenge, expiresAt, resendAt } = receiveChallenge(now, sent.challenge);
    const deadlines = { expiresAt: Math.min(sent.expiresAt, expiresAt), resendAt: Math.min(sent.resendAt, resendAt) };
    return { ...sent, challenge, ...deadlines };
  };
  if (step?.name === 'code' && isSent(step.sent)) {
    return {
      ...step,
      sent: clamp(step.sent),
      others: step.others.filter(isSent).map(clamp),
      checkAt: 0,
      problem: null,
    };
  }
  if (step?.name === 'contact' && isEntry(step.entry)) {
    return { ...step, back: isSent(step.back) ? clamp(step.back) : null, problem: null };
  }
  return null;
}

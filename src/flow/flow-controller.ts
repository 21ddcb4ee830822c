/** Turns what a person does into events of the state machine, and events into requests and countdowns. The only file with time and requests. Knows no DOM. */
import type { Challenge, Channel, NotRequired } from '../protocol/schemas.js';
import type { Result, Client } from './http-client.js';
import { Countdown } from './countdown.js';
import { validateCode, validateContactInput, stripSeparators } from './input-validation.js';
import type { Clock, FlowHost, FlowOptions, FlowPlatform } from './options.js';
import { loadStep, saveStep } from './session-persistence.js';
import { isChallenge, isCheckResult, isNotRequired, toProblem } from './type-guards.js';
import {
  destination,
  currentCodeStep,
  problemOf,
  transition,
  receiveChallenge,
  type ContactInput,
  type FlowEvent,
  type Step,
  type FlowProblem,
  type Verified,
} from './state-machine.js';

const systemClock: Clock = {
  now: () => Date.now(),
  setTimeout: (run, milliseconds) => setTimeout(run, milliseconds),
  clearTimeout: (timer) => clearTimeout(timer as number),
};

/** The flow of one element. Each method is something that a person does. A method that means nothing in the current step does nothing. */
export class FlowController {
  readonly #host: FlowHost;
  readonly #options: () => FlowOptions;
  readonly #countdown: Countdown;
  readonly #storage: FlowPlatform['storage'];
  #step: Step = { name: 'starting' };
  #connected: boolean;
  /** Aborts the current request. A response that belongs to another controller is stale. */
  #run: AbortController | null = null;
  /** The last check without an outcome. The same code submitted again is the same attempt, and must not cost another one. */
  #pendingAttempt: { readonly challenge: string; readonly code: string; readonly key: string } | null = null;
  #restarted = false;

  constructor(host: FlowHost, options: () => FlowOptions, { clock = systemClock, storage }: FlowPlatform = {}) {
    this.#host = host;
    this.#options = options;
    this.#storage = storage;
    this.#countdown = new Countdown(clock, () => {
      host.requestUpdate();
      this.#scheduleNext();
    });
    this.#connected = !host.addController;
    host.addController?.(this);
  }

  get step(): Step {
    return this.#step;
  }

  /** Whole seconds until another code may be requested for the destination shown. No code helps before one can be checked. */
  get resendIn(): number {
    return Math.max(this.checkIn, this.#countdown.secondsUntil(currentCodeStep(this.#step)?.sent.resendAt));
  }

  /** Whole seconds until a code can be checked. */
  get checkIn(): number {
    return this.#countdown.secondsUntil(currentCodeStep(this.#step)?.checkAt);
  }

  /** Whole seconds until the code shown expires; 0 once it has expired, whatever problem is shown. */
  get expiresIn(): number {
    return this.#countdown.secondsUntil(currentCodeStep(this.#step)?.sent.expiresAt);
  }

  /** Whole seconds until what the person tried last makes sense again. Once the code has expired, that is to have another one sent. */
  get retryIn(): number {
    const next = this.expiresIn ? this.checkIn : this.resendIn;
    return Math.max(next, this.#countdown.secondsUntil(problemOf(this.#step)?.retryAt));
  }

  /** Restores the step before a reload. Otherwise opens the contact step, or in two-factor sends a code. Does nothing once started. */
  start(): void {
    if (this.#step.name !== 'starting') return;
    const { purpose, storageKey, entry = { type: 'phone', text: '' } } = this.#options();
    const step = loadStep({ storageKey, storage: this.#storage }, this.#countdown.now());
    if (step) this.#dispatch({ type: 'restored', step });
    else if (purpose === 'contact') this.#dispatch({ type: 'opened', entry });
    else this.#send();
  }

  /** The person has changed the contact, or the code. `respelled`: the element has only spelled the contact in another way, which leaves the problem true. */
  edit(entry?: ContactInput, respelled = false): void {
    this.#dispatch({ type: 'edited', entry, respelled });
  }

  /** Sends a code: from the contact step, from a code step whose code has expired, or again from `unavailable`. Starts first if necessary. */
  send(entry?: ContactInput): void {
    this.start();
    if (entry) this.edit(entry);
    const step = this.#step;
    if (step.name === 'contact') {
      const problem = validateContactInput(step.entry);
      if (problem) this.#dispatch({ type: 'refused', problem });
      else this.#send(step.entry);
    } else if (step.name === 'code' && !this.expiresIn) {
      this.#send(step.sent.entry, step.sent.challenge.channel);
    } else if (step.name === 'unavailable') {
      this.#send();
    }
  }

  /** Submits the code, as typed or pasted into the field. */
  submit(typed: string): void {
    const step = this.#step;
    if (step.name !== 'code') return;
    // After the machine slept, the deadline may be past before its timer has run.
    if (!this.expiresIn) return this.#scheduleNext();
    const { challenge, codeLength } = step.sent.challenge;
    const code = stripSeparators(typed);
    const problem = validateCode(code, codeLength);
    if (problem) return void this.#dispatch({ type: 'refused', problem });
    if (this.#pendingAttempt?.challenge !== challenge || this.#pendingAttempt.code !== code) {
      // 128 random bits as `7-203-…`. `randomUUID()` is missing on pages without TLS, such as a first try over the local network.
      this.#pendingAttempt = { challenge, code, key: crypto.getRandomValues(new Uint8Array(16)).join('-') };
    }
    const { key } = this.#pendingAttempt;
    void this.#request(
      { type: 'submit-pressed' },
      (client, signal) => client.check({ challenge, code }, key, signal),
      (value) => isCheckResult(value) && value.purpose === this.#options().purpose,
      (result, now) => ({ type: 'verified', result, expiresAt: now + result.expiresIn * 1000 }),
    );
  }

  /** Sends the code again, by the same or another channel. Sends nothing before the wait is over. Switches without sending if the destination already has a valid code. */
  resend(channel?: Channel): void {
    const step = this.#step;
    if (step.name !== 'code') return;
    const { entry, challenge: current } = step.sent;
    const wanted = channel ?? current.channel;
    const to = destination(current, wanted);
    const valid = step.others.find((other) => other.challenge.to === to && other.expiresAt > this.#countdown.now());
    if (valid) return void this.#dispatch({ type: 'switched', sent: valid });
    if (to === current.to && this.resendIn) return;
    if (!this.expiresIn) return this.#send(entry, wanted);
    const { extra } = this.#options();
    void this.#request(
      { type: 'resend-pressed', channel: wanted },
      (client, signal) => client.resend({ challenge: current.challenge, channel: wanted, extra }, signal),
      (value) => this.#isChallenge(value),
      (value, at) => ({ type: 'sent', sent: receiveChallenge(at, value, entry) }),
    );
  }

  /** Returns to the contact step, to correct the contact, or to verify another one. */
  changeContact(): void {
    this.#dispatch({ type: 'change-pressed' });
  }

  /** Returns from the contact step to the code step of the last challenge. */
  goBack(): void {
    this.#dispatch({ type: 'back-pressed' });
  }

  /**
   * Forgets everything and opens the contact step again, or the verified step that `given` makes. Two-factor waits for `start()`, so
   * that no code is sent unseen.
   */
  reset(given?: (now: number) => Verified): void {
    this.#abort();
    this.#pendingAttempt = null;
    this.#restarted = false;
    this.#dispatch({ type: 'reset' });
    if (given) this.#dispatch({ type: 'restored', step: given(this.#countdown.now()) });
    else if (this.#options().purpose === 'contact') this.start();
  }

  /** Continues in the same step. If the request was aborted when the element left the page, returns to the step before it. */
  hostConnected(): void {
    this.#connected = true;
    if ('previous' in this.#step && !this.#run) this.#dispatch({ type: 'aborted' });
    else this.#scheduleNext();
  }

  hostDisconnected(): void {
    this.#connected = false;
    this.#countdown.stop();
    // An element that only moves within the page is connected again before this runs, and keeps its request.
    queueMicrotask(() => {
      if (!this.#connected) this.#abort();
    });
  }

  #send(entry?: ContactInput, channel?: Channel): void {
    const { channels, context, locale, extra } = this.#options();
    const fits = (one: Channel) => !entry || (one === 'email') === (entry.type === 'email');
    const body = { channel: channel ?? channels?.find(fits), context, locale, extra };
    void this.#request<Challenge | NotRequired>(
      { type: 'send-pressed', entry: entry ?? null },
      (client, signal) =>
        entry
          ? client.contact({ to: entry.text, country: entry.country, ...body }, signal)
          : client.twoFactor(body, signal),
      (value) => this.#isChallenge(value) || (!entry && isNotRequired(value)),
      (value, now) =>
        'required' in value ? { type: 'not-required' } : { type: 'sent', sent: receiveChallenge(now, value, entry) },
    );
  }

  /** Sends the request only if the event changes the step, so a second click sends nothing. */
  async #request<T>(
    event: FlowEvent,
    send: (client: Client, signal: AbortSignal) => Promise<Result<T>>,
    isDocumented: (value: T) => boolean,
    done: (value: T, now: number) => FlowEvent,
  ): Promise<void> {
    const step = transition(this.#step, event);
    if (!this.#connected || step === this.#step) return;
    const run = (this.#run = new AbortController());
    // A listener may already have changed the step again, for example with `reset()`.
    if (!this.#enter(step)) return;
    let response: Result<T> = { ok: false, problem: { code: 'unreachable' } };
    try {
      const answer = await send(this.#options().client, run.signal);
      // `httpClient()` returns the documented shapes only, but it does not know for which purpose the page asks.
      response = answer.ok && !isDocumented(answer.value) ? { ok: false, problem: { code: 'unavailable' } } : answer;
    } catch {
      // `httpClient()` never throws, but the page's own client may.
    }
    if (this.#run !== run || !this.#connected) return;
    this.#run = null;
    const now = this.#countdown.now();
    if (response.ok) {
      this.#pendingAttempt = null;
      this.#dispatch(done(response.value, now));
    } else this.#refused(toProblem(response.problem), now);
  }

  #isChallenge(value: unknown): value is Challenge {
    return isChallenge(value) && value.purpose === this.#options().purpose;
  }

  #refused(problem: FlowProblem, now: number): void {
    const { code, retryIn = 0 } = problem;
    if (code !== 'unreachable' && code !== 'unavailable') this.#pendingAttempt = null;
    this.#dispatch({ type: 'refused', problem: { ...problem, retryAt: now + retryIn * 1000 } });
    // In two-factor the person can correct nothing: another user signed in, or the keys changed. Only once, so that it cannot loop.
    if (code === 'invalid-challenge' && this.#step.name === 'unavailable' && !this.#restarted) {
      this.#restarted = true;
      this.#send();
    }
  }

  #dispatch(event: FlowEvent): void {
    const step = transition(this.#step, event);
    // The page itself supplies what the contact step opens with, so only what a person did is saved.
    if (step !== this.#step) this.#enter(step, event.type !== 'opened');
  }

  /** False if a listener has already changed the step again. */
  #enter(step: Step, save = true): boolean {
    const previous = this.#step;
    this.#step = step;
    if (save) saveStep({ storageKey: this.#options().storageKey, storage: this.#storage }, step);
    this.#host.stepChanged?.(step, previous);
    this.#host.requestUpdate();
    const stayed = this.#step === step;
    if (stayed) this.#scheduleNext();
    return stayed;
  }

  /** Sets the only timer for the current step. Acts at once on a deadline that is already past. */
  #scheduleNext(): void {
    if (!this.#connected) return this.#countdown.stop();
    const step = this.#step;
    const now = this.#countdown.now();
    const { expiresAt = 0, resendAt = 0 } = currentCodeStep(this.#step)?.sent ?? {};
    // 0 means that the person has seen the problem. After a reload it is shown again.
    if (step.name === 'code' && expiresAt <= now && (expiresAt || !step.problem)) this.#dispatch({ type: 'expired' });
    else if (step.name === 'verified' && step.expiresAt <= now) this.#dispatch({ type: 'proof-expired' });
    else
      this.#countdown.scheduleWake(
        [expiresAt, resendAt, currentCodeStep(this.#step)?.checkAt, problemOf(this.#step)?.retryAt],
        step.name === 'verified' ? step.expiresAt : 0,
      );
  }

  #abort(): void {
    this.#run?.abort();
    this.#run = null;
  }
}

/** The only place with time and requests: turns what a person does into moves, and moves into requests and countdowns. Knows no DOM. */
import type { Challenge, Channel } from '../protocol/schemas.js';
import type { Result, Client } from './http-client.js';
import { Countdown } from './countdown.js';
import { validateCode, validateContactInput, stripSeparators } from './input-validation.js';
import type { Clock, FlowHost, FlowOptions } from './options.js';
import { loadStep, saveStep } from './session-persistence.js';
import {
  destination,
  transition,
  receiveChallenge,
  type CodeStep,
  type ContactInput,
  type FlowEvent,
  type Step,
  type FlowProblem,
} from './state-machine.js';

const systemClock: Clock = {
  now: () => Date.now(),
  setTimeout: (run, milliseconds) => setTimeout(run, milliseconds),
  clearTimeout: (timer) => clearTimeout(timer as number),
};

/** One element's flow. Each method is what a person did; one that means nothing in the present step does nothing. */
export class FlowController {
  readonly #host: FlowHost;
  readonly #options: () => FlowOptions;
  readonly #countdown = new Countdown(
    () => this.#options().clock ?? systemClock,
    () => {
      this.#host.requestUpdate();
      this.#scheduleNext();
    },
  );
  #step: Step = { name: 'starting' };
  #connected: boolean;
  /** One a request: it aborts the request, and its identity tells an answer that still counts from a stale one. */
  #run: AbortController | null = null;
  /** The last check that got no answer: pressed again it is the same attempt, and must not cost another. */
  #unanswered: { readonly challenge: string; readonly code: string; readonly key: string } | null = null;
  #startedAnew = false;

  constructor(host: FlowHost, options: () => FlowOptions) {
    this.#host = host;
    this.#options = options;
    this.#connected = !host.addController;
    host.addController?.(this);
  }

  get step(): Step {
    return this.#step;
  }

  /** Whole seconds until another code may be asked for at the destination shown. */
  get resendIn(): number {
    return this.#countdown.secondsUntil(this.#shown?.sent.resendAt);
  }

  /** Whole seconds that the code shown has to live; 0 once it is over, whatever the problem shown. */
  get expiresIn(): number {
    return this.#countdown.secondsUntil(this.#shown?.sent.expiresAt);
  }

  /** Whole seconds until it makes sense to try again after the problem shown. */
  get retryIn(): number {
    return this.#countdown.secondsUntil(this.#problem?.retryAt);
  }

  /** Contact: restores or opens. Two-factor: restores, or has a code sent. Does nothing once started. */
  start(): void {
    if (this.#step.name !== 'starting') return;
    const options = this.#options();
    const { purpose, entry = { type: 'phone', text: '' } } = options;
    const step = loadStep(options, this.#countdown.now());
    if (step) this.#move({ type: 'restored', step });
    else if (purpose === 'contact') this.#move({ type: 'opened', entry });
    else this.#send();
  }

  edit(entry: ContactInput): void {
    this.#move({ type: 'edited', entry });
  }

  /** Send code: in the contact step, in a code step whose code is over, or again from `unavailable`. Starts first, if need be. */
  send(entry?: ContactInput): void {
    this.start();
    if (entry) this.edit(entry);
    const step = this.#step;
    if (step.name === 'contact') {
      const problem = validateContactInput(step.entry);
      if (problem) this.#move({ type: 'refused', problem });
      else this.#send(step.entry);
    } else if (step.name === 'code' && !this.expiresIn) {
      this.#send(step.sent.entry, step.sent.challenge.channel);
    } else if (step.name === 'unavailable') {
      this.#send();
    }
  }

  /** Submit code, as typed or pasted into the field. */
  submit(typed: string): void {
    const step = this.#step;
    if (step.name !== 'code') return;
    // After a sleep the deadline may be past before its timer has run.
    if (!this.expiresIn) return this.#scheduleNext();
    const { challenge, codeLength } = step.sent.challenge;
    const code = stripSeparators(typed);
    const problem = validateCode(code, codeLength);
    if (problem) return void this.#move({ type: 'refused', problem });
    if (this.#unanswered?.challenge !== challenge || this.#unanswered.code !== code) {
      // 128 random bits as `7-203-…`: `randomUUID()` is missing on pages without TLS, as in a first try over the local network.
      this.#unanswered = { challenge, code, key: crypto.getRandomValues(new Uint8Array(16)).join('-') };
    }
    const { key } = this.#unanswered;
    void this.#request(
      { type: 'submit-pressed' },
      (client, signal) => client.check({ challenge, code }, key, signal),
      (result, now) => ({ type: 'verified', result, expiresAt: now + result.expiresIn * 1000 }),
    );
  }

  /** Resend code, by the same or another channel. Nothing is sent within the wait, or to a destination whose code still lives. */
  resend(channel?: Channel): void {
    const step = this.#step;
    if (step.name !== 'code') return;
    const now = this.#countdown.now();
    const { challenge, to: shown, channel: last } = step.sent.challenge;
    const wanted = channel ?? last;
    const to = destination(step.sent.challenge, wanted);
    const kept = step.others.find((other) => other.challenge.to === to && other.expiresAt > now);
    if (kept) return void this.#move({ type: 'switched', sent: kept });
    if (to === shown && step.sent.resendAt > now) return;
    const { entry } = step.sent;
    if (!this.expiresIn) return this.#send(entry, wanted);
    const { extra } = this.#options();
    void this.#request(
      { type: 'resend-pressed', channel: wanted },
      (client, signal) => client.resend({ challenge, channel: wanted, extra }, signal),
      (value, at) => ({ type: 'sent', sent: receiveChallenge(at, value, entry) }),
    );
  }

  /** Change number. */
  changeContact(): void {
    this.#move({ type: 'change-pressed' });
  }

  /** Go back to the code step of the last challenge that a code went out for. */
  goBack(): void {
    this.#move({ type: 'back-pressed' });
  }

  /** Forgets everything. Contact: opens again. Two-factor: waits for `start()`, so that nothing is sent unseen. */
  reset(): void {
    this.#abort();
    this.#unanswered = null;
    this.#startedAnew = false;
    this.#move({ type: 'reset' });
    if (this.#options().purpose === 'contact') this.start();
  }

  /** Goes on where it was; a request that was given up with the element leaves the step before it. */
  hostConnected(): void {
    this.#connected = true;
    if ('previous' in this.#step && !this.#run) this.#move({ type: 'aborted' });
    else this.#scheduleNext();
  }

  hostDisconnected(): void {
    this.#connected = false;
    this.#countdown.stop();
    // An element that is only moved is connected again before this runs, and keeps its request.
    queueMicrotask(() => {
      if (!this.#connected) this.#abort();
    });
  }

  #send(entry?: ContactInput, again?: Channel): void {
    const { channels, context, locale, extra } = this.#options();
    const fits = (one: Channel) => !entry || (one === 'email') === (entry.type === 'email');
    const body = { channel: again ?? channels?.find(fits), context, locale, extra };
    void this.#request<Challenge | { required: false }>(
      { type: 'send-pressed', entry: entry ?? null },
      (client, signal) =>
        entry
          ? client.contact({ to: entry.text, country: entry.country, ...body }, signal)
          : client.twoFactor(body, signal),
      (value, now) =>
        'required' in value ? { type: 'not-required' } : { type: 'sent', sent: receiveChallenge(now, value, entry) },
    );
  }

  /** Makes the move, and the request only where the machine takes the move: so a second click sends nothing. */
  async #request<T>(
    move: FlowEvent,
    send: (client: Client, signal: AbortSignal) => Promise<Result<T>>,
    done: (value: T, now: number) => FlowEvent,
  ): Promise<void> {
    if (!this.#connected || transition(this.#step, move) === this.#step) return;
    const run = (this.#run = new AbortController());
    // A listener may have gone on already, by `reset()` for one.
    if (!this.#move(move)) return;
    let answer: Result<T> = { ok: false, problem: { code: 'unreachable' } };
    try {
      answer = await send(this.#options().client, run.signal);
    } catch {
      // Ours never throws; the page's own client may.
    }
    if (this.#run !== run || !this.#connected) return;
    this.#run = null;
    const now = this.#countdown.now();
    if (answer.ok) {
      this.#unanswered = null;
      this.#move(done(answer.value, now));
    } else {
      this.#refused(answer.problem, now);
    }
  }

  #refused(problem: FlowProblem, now: number): void {
    const { code, retryIn = 0 } = problem;
    if (code !== 'unreachable' && code !== 'unavailable') this.#unanswered = null;
    this.#move({ type: 'refused', problem: { ...problem, retryAt: now + retryIn * 1000 } });
    // In two-factor there is nothing to correct: another user signed in, or the keys changed. Once, so that it cannot go round.
    if (code === 'invalid-challenge' && this.#step.name === 'unavailable' && !this.#startedAnew) {
      this.#startedAnew = true;
      this.#send();
    }
  }

  /** True if the step is now the one that this move leads to. */
  #move(move: FlowEvent): boolean {
    const before = this.#step;
    const step = transition(before, move);
    if (step === before) return false;
    this.#step = step;
    // What the page itself filled in is the page's to say again; only what a person did is kept.
    if (move.type !== 'opened') saveStep(this.#options(), step);
    this.#host.stepChanged?.(step, before);
    this.#host.requestUpdate();
    const stayed = this.#step === step;
    if (stayed) this.#scheduleNext();
    return stayed;
  }

  /** Sets the one timer by the step; a deadline that is past already is acted on at once. */
  #scheduleNext(): void {
    if (!this.#connected) return this.#countdown.stop();
    const step = this.#step;
    const now = this.#countdown.now();
    const { expiresAt = 0, resendAt = 0 } = this.#shown?.sent ?? {};
    // 0 says that the person was told; a reload forgets the telling.
    if (step.name === 'code' && expiresAt <= now && (expiresAt || !step.problem)) this.#move({ type: 'expired' });
    else if (step.name === 'verified' && step.expiresAt <= now) this.#move({ type: 'proof-expired' });
    else
      this.#countdown.scheduleWake(
        [expiresAt, resendAt, this.#problem?.retryAt],
        step.name === 'verified' ? step.expiresAt : 0,
      );
  }

  #abort(): void {
    this.#run?.abort();
    this.#run = null;
  }

  get #shown(): CodeStep | null {
    const still = 'previous' in this.#step ? this.#step.previous : this.#step;
    return still.name === 'code' ? still : null;
  }

  get #problem(): FlowProblem | null {
    return 'problem' in this.#step ? this.#step.problem : null;
  }
}

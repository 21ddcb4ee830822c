/** The events of the elements. They are for display only: a server trusts a proof, never an event. */
import type { Channel, Contact } from '../../protocol/schemas.js';
import type { StepName, FlowProblem } from '../../flow/state-machine.js';

const init = { bubbles: true, composed: true };

/** A code was sent. `to` is written as shown to the person, and masked in two-factor. No event contains the code. */
export class CodeSentEvent extends Event {
  readonly channel: Channel;
  readonly to: string;
  /** Whether this is another message with the same code, sent by Resend or by a change of channel. */
  readonly resent: boolean;
  constructor(channel: Channel, to: string, resent: boolean) {
    super('code-sent', init);
    this.channel = channel;
    this.to = to;
    this.resent = resent;
  }
}

/** `<verify-contact>`: the code was right. The proof is a JWT for the page's own server. */
export class ContactVerifiedEvent extends Event {
  readonly proof: string;
  /** The contact that the proof is about. Undefined only if a backend of your own leaves it out: this package's never does. */
  readonly contact: Contact | undefined;
  constructor(proof: string, contact: Contact | undefined) {
    super('contact-verified', init);
    this.proof = proof;
    this.contact = contact;
  }
}

/** `<two-factor>`: the code was right. The proof is a JWT for the page's own server. */
export class TwoFactorVerifiedEvent extends Event {
  readonly proof: string;
  readonly channel: Channel;
  constructor(proof: string, channel: Channel) {
    super('two-factor-verified', init);
    this.proof = proof;
    this.channel = channel;
  }
}

/** `<two-factor>`: the backend requires no second factor of this user. For display only, since any script can dispatch an event. */
export class TwoFactorNotRequiredEvent extends Event {
  constructor() {
    super('two-factor-not-required', init);
  }
}

/** The element shows another step. */
export class StepChangeEvent extends Event {
  readonly step: StepName;
  readonly previous: StepName;
  constructor(step: StepName, previous: StepName) {
    super('step-change', init);
    this.step = step;
    this.previous = previous;
  }
}

/** The element shows a problem. */
export class ProblemEvent extends Event {
  readonly problem: FlowProblem;
  constructor(problem: FlowProblem) {
    super('problem', init);
    this.problem = problem;
  }
}

declare global {
  interface HTMLElementEventMap {
    'code-sent': CodeSentEvent;
    'contact-verified': ContactVerifiedEvent;
    'two-factor-verified': TwoFactorVerifiedEvent;
    'two-factor-not-required': TwoFactorNotRequiredEvent;
    'step-change': StepChangeEvent;
    problem: ProblemEvent;
  }
}

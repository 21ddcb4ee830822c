/** Everything that the elements tell the page. Facts to show things by: a host acts only on a proof, or on what its own server asked. */
import type { Channel, Contact } from '../../protocol/schemas.js';
import type { StepName, FlowProblem } from '../../flow/state-machine.js';

const init = { bubbles: true, composed: true };

/** A code is on its way. `to` is as the person reads it, masked in two-factor; the code itself is in no event. */
export class CodeSentEvent extends Event {
  readonly channel: Channel;
  readonly to: string;
  /** Whether it is another message of the same verification, by Resend or by a switch of channel. */
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

/** `<two-factor>`: the backend asks no second factor of this user. Only for display: anybody can fire an event. */
export class TwoFactorNotRequiredEvent extends Event {
  constructor() {
    super('two-factor-not-required', init);
  }
}

/** Another step is shown. */
export class StepChangeEvent extends Event {
  readonly step: StepName;
  readonly previous: StepName;
  constructor(step: StepName, previous: StepName) {
    super('step-change', init);
    this.step = step;
    this.previous = previous;
  }
}

/** The person was told of a problem. */
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

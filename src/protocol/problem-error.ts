/** The error that becomes a problem response. It contains a code and numbers, never Twilio's words. */
import { problems, type ProblemCode } from './problems.js';

/** Details of a problem: `attemptsLeft` after a wrong code, `retryIn` in whole seconds. */
interface ProblemDetails {
  attemptsLeft?: number | undefined;
  retryIn?: number | undefined;
}

/** Thrown anywhere in a route. The handler answers it as problem details. Its message is the problem's public title. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly code: ProblemCode;
  readonly details: ProblemDetails;

  constructor(code: ProblemCode, details: ProblemDetails = {}) {
    super(problems[code].title);
    this.code = code;
    this.details = details;
  }
}

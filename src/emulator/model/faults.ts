/** A queue of faults: which call fails, how, and how often. It only matches calls; `api/apply-fault.ts` applies a fault. */

/**
 * What happens to a matching call.
 * - `error`: the response that `status`, `code`, `message` and `body` describe.
 * - `delay`: the real response, after `delayMs`; Twilio acts at once.
 * - `reset-before`, `reset-after`: the connection breaks before or after Twilio acted.
 * - `no-answer`: no response until the client gives up.
 * - `html-502`: a proxy's error page.
 * - `broken-json`: the first half of the real response.
 * - `problem-json`: an RFC 9457 problem.
 */
export type FaultKind =
  'error' | 'delay' | 'reset-before' | 'reset-after' | 'no-answer' | 'html-502' | 'broken-json' | 'problem-json';

/** A fault for the next calls that match all of `method`, `path` and `to`. An absent one matches every call. */
export interface Fault {
  method?: string;
  /** A string matches anywhere in the path: `/VerificationCheck`. */
  path?: string | RegExp;
  /** The destination. A call that names only a verification's sid has that verification's destination. */
  to?: string;
  /** How many calls it affects. Default 1; `Infinity`: until you clear the faults. */
  times?: number;
  /** Default: `error` with a `status`, `code` or `body`, else `delay`. */
  kind?: FaultKind;
  status?: number;
  /** Twilio's error code. It sets the status, the message and the body. */
  code?: number;
  message?: string;
  /** Replaces the body: a string is sent as HTML, anything else as JSON. */
  body?: unknown;
  headers?: Record<string, string>;
  /** The header `Retry-After`, in seconds. */
  retryAfter?: number;
  /** Milliseconds until the response, or until the connection breaks. Twilio acts, if it does, before they begin. */
  delayMs?: number;
  /** Whether Twilio carries out the call. Default: true for `delay`, `reset-after` and `broken-json`, else false. */
  acts?: boolean;
}

/** The properties of a call that a fault matches. */
interface FaultTarget {
  method: string;
  path: string;
  to?: string;
}

/** A fault that waits for calls. */
export interface QueuedFault extends Fault {
  id: number;
  kind: FaultKind;
  times: number;
  /** How many more calls it affects. */
  remaining: number;
}

/** The queue: of several faults that match, the oldest applies. No two faults ever have the same id. */
export class Faults {
  #queue: QueuedFault[] = [];
  #lastId = 0;

  add(fault: Fault): number {
    const { times = 1 } = fault;
    const id = ++this.#lastId;
    this.#queue.push({ ...fault, id, kind: kindOf(fault), times, remaining: times });
    return id;
  }

  list(): QueuedFault[] {
    return this.#queue.map((fault) => ({ ...fault }));
  }

  /** Returns whether it was there. */
  remove(id: number): boolean {
    const before = this.#queue.length;
    this.#queue = this.#queue.filter((one) => one.id !== id);
    return this.#queue.length < before;
  }

  clear(): void {
    this.#queue = [];
  }

  /** Returns the oldest fault that matches, and counts the call against its `times`. */
  take(target: FaultTarget): Fault | undefined {
    const fault = this.#queue.find((one) => one.remaining > 0 && matches(one, target));
    if (!fault) return undefined;
    fault.remaining -= 1;
    if (fault.remaining <= 0) this.#queue = this.#queue.filter((one) => one !== fault);
    return fault;
  }
}

/** A fault's kind, or the default for one without. */
export function kindOf(fault: Fault): FaultKind {
  if (fault.kind) return fault.kind;
  return fault.status !== undefined || fault.code !== undefined || fault.body !== undefined ? 'error' : 'delay';
}

function matches(fault: Fault, { method, path, to }: FaultTarget): boolean {
  if (fault.method !== undefined && fault.method.toUpperCase() !== method) return false;
  if (fault.to !== undefined && fault.to !== to) return false;
  if (fault.path === undefined) return true;
  return typeof fault.path === 'string' ? path.includes(fault.path) : path.search(fault.path) >= 0;
}

/** The queue of things that go wrong on the way to Twilio: which call, what happens, how often. It acts on nothing itself. */

/**
 * What happens to a matching call.
 * `error`: an answer of the caller's making (`status`, `code`, `message`, `body`). `delay`: only `delayMs`, then as usual.
 * `reset-before`, `reset-after`: the connection breaks before, or after, Twilio acted. `no-answer`: silence until the
 * client gives up. `html-502`: a proxy's page. `broken-json`: the true answer, cut in half. `problem-json`: RFC 9457.
 */
export type FaultKind =
  'error' | 'delay' | 'reset-before' | 'reset-after' | 'no-answer' | 'html-502' | 'broken-json' | 'problem-json';

/** A fault waits for calls that match all of `method`, `path` and `to`; what is absent matches every call. */
export interface Fault {
  method?: string;
  /** A text is found anywhere in the path: `/VerificationCheck`. */
  path?: string | RegExp;
  /** The destination; a call that names only a verification's sid is known by its verification. */
  to?: string;
  /** How many calls it strikes. Default 1; `Infinity` until cleared. */
  times?: number;
  /** Default `error` if it says what to answer, else `delay`. */
  kind?: FaultKind;
  status?: number;
  /** Twilio's error code; brings its own status, message and body. */
  code?: number;
  message?: string;
  /** Sent in place of everything: a text as HTML, anything else as JSON. */
  body?: unknown;
  headers?: Record<string, string>;
  /** Seconds, for the header `Retry-After`. */
  retryAfter?: number;
  /** Milliseconds before anything else happens. */
  delayMs?: number;
  /** Whether Twilio acts although the answer is lost. Default: for `reset-after` and `broken-json`. */
  acts?: boolean;
}

/** What a call is known by. */
export interface FaultTarget {
  method: string;
  path: string;
  to?: string;
}

/** First come, first to strike. */
export class Faults {
  #queue: (Fault & { left: number })[] = [];

  add(fault: Fault): void {
    this.#queue.push({ ...fault, left: fault.times ?? 1 });
  }

  clear(): void {
    this.#queue = [];
  }

  /** Takes the first fault that matches, and counts it. */
  take(target: FaultTarget): Fault | undefined {
    const fault = this.#queue.find((one) => one.left > 0 && matches(one, target));
    if (!fault) return undefined;
    fault.left -= 1;
    if (fault.left <= 0) this.#queue = this.#queue.filter((one) => one !== fault);
    return fault;
  }
}

/** The kind that a fault without one means. */
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

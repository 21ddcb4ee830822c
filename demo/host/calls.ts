/** Reports the backend's calls to the emulated Twilio as they happen: methods, paths and statuses, masked contacts, no code and no credential. */

/** One call, without anything that a screenshot should not show. */
export interface TwilioCall {
  /** Milliseconds since 1970 by the machine's own clock, which the controls do not change. */
  at: number;
  ms: number;
  method: string;
  /** The path without identifiers: `Services/…/Verifications`. */
  path: string;
  /** The masked destination, if the call names one. */
  to?: string;
  channel?: string;
  /** The HTTP status, or null if the connection broke. */
  status: number | null;
  /** Twilio's error code, or the status of the verification. */
  result?: string;
}

type Transport = (request: Request) => Promise<Response>;

/** Passes calls to its listeners, and stores none. */
export class Calls {
  readonly #listeners = new Set<(call: TwilioCall) => void>();

  subscribe(listener: (call: TwilioCall) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Wraps a transport so that listeners learn of its calls. */
  observed(transport: Transport): Transport {
    return async (request) => {
      const at = Date.now();
      const start = performance.now();
      const form = request.method === 'POST' ? new URLSearchParams(await request.clone().text()) : null;
      const [to, channel] = [form?.get('To'), form?.get('Channel')];
      const report = (status: number | null, result?: string) => {
        const call: TwilioCall = {
          at,
          ms: Math.round(performance.now() - start),
          method: request.method,
          path: withoutIdentifiers(new URL(request.url).pathname),
          status,
          ...(to ? { to: masked(to) } : {}),
          ...(channel ? { channel } : {}),
          ...(result ? { result } : {}),
        };
        for (const listener of this.#listeners) listener(call);
      };
      try {
        const response = await transport(request);
        report(response.status, await resultOf(response.clone()));
        return response;
      } catch (error) {
        report(null);
        throw error;
      }
    };
  }
}

/** A contact, masked as two-factor masks it: `•••• 71`, `a•••@e•••`. */
export function masked(contact: string): string {
  const at = contact.lastIndexOf('@');
  return at < 0 ? `•••• ${contact.slice(-2)}` : `${contact.slice(0, 1)}•••@${contact.slice(at + 1, at + 2)}•••`;
}

/** Keeps plain words, replaces a number, an address or a sid by `…`, and drops the version. */
function withoutIdentifiers(path: string): string {
  const parts = path.split('/').filter((part) => part !== '' && !/^v\d$/.test(part));
  return parts.map((part) => (/^[A-Za-z]+$/.test(part) && !/^[A-Z]{2}[0-9a-f]{32}$/.test(part) ? part : '…')).join('/');
}

async function resultOf(response: Response): Promise<string | undefined> {
  const body = (await response.json().catch(() => null)) as { status?: unknown; code?: unknown } | null;
  if (typeof body?.code === 'number') return `error ${body.code}`;
  return typeof body?.status === 'string' && /^[a-z_]+$/.test(body.status) ? body.status : undefined;
}

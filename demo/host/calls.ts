/** What the backend asked of the emulated Twilio, told as it happens: methods, kinds and statuses, contacts masked, no code and no credential. */

/** One call, with nothing in it that a screenshot should not show. */
export interface TwilioCall {
  /** Milliseconds since 1970 by the machine's own clock, which no knob turns. */
  at: number;
  ms: number;
  method: string;
  /** The path with every identifier left out, as `Services/…/Verifications`. */
  path: string;
  /** The masked destination and the channel, where the call names them. */
  to?: string;
  channel?: string;
  /** The HTTP status, or null where the connection broke. */
  status: number | null;
  /** Twilio's error code, or its word for how the verification stands. */
  result?: string;
}

type Transport = (request: Request) => Promise<Response>;

/** Tells listeners of calls; keeps none. */
export class Calls {
  readonly #listeners = new Set<(call: TwilioCall) => void>();

  subscribe(listener: (call: TwilioCall) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The same transport, with an ear at it. */
  heard(transport: Transport): Transport {
    return async (request) => {
      const at = Date.now();
      const begun = performance.now();
      const form = request.method === 'POST' ? new URLSearchParams(await request.clone().text()) : null;
      const [to, channel] = [form?.get('To'), form?.get('Channel')];
      const tell = (status: number | null, result?: string) => {
        const call: TwilioCall = {
          at,
          ms: Math.round(performance.now() - begun),
          method: request.method,
          path: wordsOf(new URL(request.url).pathname),
          status,
          ...(to ? { to: masked(to) } : {}),
          ...(channel ? { channel } : {}),
          ...(result ? { result } : {}),
        };
        for (const listener of this.#listeners) listener(call);
      };
      try {
        const response = await transport(request);
        tell(response.status, await resultOf(response.clone()));
        return response;
      } catch (error) {
        tell(null);
        throw error;
      }
    };
  }
}

/** A contact as two-factor shows it: `•••• 71`, `a•••@e•••`. */
export function masked(contact: string): string {
  const at = contact.lastIndexOf('@');
  return at < 0 ? `•••• ${contact.slice(-2)}` : `${contact.slice(0, 1)}•••@${contact.slice(at + 1, at + 2)}•••`;
}

/** Plain words stay; a number, an address or a sid becomes `…`, and the version goes. */
function wordsOf(path: string): string {
  const parts = path.split('/').filter((part) => part !== '' && !/^v\d$/.test(part));
  return parts.map((part) => (/^[A-Za-z]+$/.test(part) && !/^[A-Z]{2}[0-9a-f]{32}$/.test(part) ? part : '…')).join('/');
}

async function resultOf(response: Response): Promise<string | undefined> {
  const body = (await response.json().catch(() => null)) as { status?: unknown; code?: unknown } | null;
  if (typeof body?.code === 'number') return `error ${body.code}`;
  return typeof body?.status === 'string' && /^[a-z_]+$/.test(body.status) ? body.status : undefined;
}

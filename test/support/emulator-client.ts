/** Clients of the real `twilio` package that call the emulator as a function or over a port, for tests. */
import twilio from 'twilio';
import type { Emulator } from '../../src/emulator/index.js';

type Options = Parameters<InstanceType<typeof twilio.RequestClient>['request']>[0];
type SdkResponse = Awaited<ReturnType<InstanceType<typeof twilio.RequestClient>['request']>>;

/** Passes the SDK's calls to a function instead of a socket. */
export class FunctionClient extends twilio.RequestClient {
  readonly #fetch: (request: Request) => Promise<Response>;

  constructor(fetch: (request: Request) => Promise<Response>) {
    super();
    this.#fetch = fetch;
  }

  override async request<TData>(options: Options): Promise<SdkResponse & { body: TData }> {
    const { method, uri, username, password, headers, params, data, timeout } = options;
    const url = new URL(uri);
    for (const [name, value] of pairs(params)) url.searchParams.append(name, value);
    const response = await this.#fetch(
      new Request(url, {
        method: method.toUpperCase(),
        headers: { ...(headers as Record<string, string>), Authorization: `Basic ${btoa(`${username}:${password}`)}` },
        ...(method === 'post' ? { body: new URLSearchParams(pairs(data)) } : {}),
        ...(timeout ? { signal: AbortSignal.timeout(timeout) } : {}),
      }),
    );
    const body = (await response.text()) as TData;
    return { statusCode: response.status, body, headers: Object.fromEntries(response.headers) };
  }
}

/** A client that calls the emulator as a function, or the `fetch` that wraps it. */
export function functionClient(emulator: Emulator, fetch = emulator.fetch): twilio.Twilio {
  const { accountSid, apiKey, apiSecret } = emulator.credentials;
  return twilio(apiKey, apiSecret, { accountSid, httpClient: new FunctionClient(fetch) });
}

/** A client with Twilio's own transport that calls a port. */
export function portClient(emulator: Emulator, url: string, options: twilio.Twilio['opts'] = {}): twilio.Twilio {
  const { accountSid, authToken } = emulator.credentials;
  const client = twilio(accountSid, authToken, { timeout: 5000, ...options });
  client.verify.baseUrl = client.lookups.baseUrl = url;
  return client;
}

function pairs(fields: unknown): [string, string][] {
  return Object.entries(fields ?? {}).flatMap(([name, value]) =>
    [value as unknown].flat().map((one): [string, string] => [name, String(one)]),
  );
}

/** The error of a call that the SDK must reject. */
export async function errorOf(call: Promise<unknown>): Promise<{ status?: number; code?: number; message: string }> {
  try {
    await call;
  } catch (error) {
    return error as { status?: number; code?: number; message: string };
  }
  throw new Error('The call did not fail.');
}

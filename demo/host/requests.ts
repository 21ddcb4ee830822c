/** Functions that the demo's routes share: they read fields and cookies, refuse with a sentence, and reject other sites. */

/** A body that lacks what the route needs. */
export class BadFields extends Error {}

/** The named fields of a JSON body. Throws {@link BadFields}. */
export async function fields<const Name extends string>(request: Request, names: readonly Name[]) {
  const body: unknown = await request.json().catch(() => null);
  const values = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
  return Object.fromEntries(
    names.map((name) => {
      const value = values[name];
      if (typeof value !== 'string' || value === '' || value.length > 4096) throw new BadFields(`${name} is missing.`);
      return [name, value];
    }),
  ) as Record<Name, string>;
}

/** Rejects requests of other sites, which can neither send JSON here nor hide their origin (OWASP CSRF cheat sheet, Fetch Metadata). */
export async function fromOurPage(
  { req }: { req: { raw: Request } },
  next: () => Promise<void>,
): Promise<Response | void> {
  const { headers, method } = req.raw;
  const site = headers.get('sec-fetch-site') ?? 'same-origin';
  const isJson = headers.get('content-type') === 'application/json';
  if (method !== 'GET' && (site !== 'same-origin' || (method !== 'DELETE' && !isJson))) {
    return refusal(403, 'This request does not come from our page.');
  }
  await next();
}

/** The value of a cookie; empty if there is none. */
export function cookieOf(request: Request, cookie: string): string {
  const pairs = (request.headers.get('cookie') ?? '').split(';').map((pair) => pair.trim().split('='));
  return pairs.find(([name]) => name === cookie)?.[1] ?? '';
}

/** A response with a sentence for the person. */
export function refusal(status: number, sentence: string): Response {
  return Response.json({ sentence }, { status });
}

/** The responses of the control plane. None may be stored, guessed at, or read by another site. */

const headers = {
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

/** A value as JSON. */
export const controlJson = (value: unknown, status = 200): Response => Response.json(value, { status, headers });

/** What is wrong with a request, in one sentence. */
export const controlProblem = (status: number, error: string, more: Record<string, string> = {}): Response =>
  Response.json({ error }, { status, headers: { ...headers, ...more } });

/** Anything that is not JSON. */
export const contentResponse = (
  body: string | ReadableStream<Uint8Array>,
  type: string,
  more: Record<string, string> = {},
): Response => new Response(body, { headers: { ...headers, 'Content-Type': type, ...more } });

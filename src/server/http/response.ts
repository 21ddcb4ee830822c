/** What the backend answers, before it is a `Response`: Node's server writes it as it is, which spares it half of what a request costs. */

/** A status, headers by their lower-case names, and the text of the body. */
export interface PlainResponse {
  status: number;
  headers: Record<string, string>;
  body: string | null;
}

/** A JSON document. */
export function jsonResponse(value: object, status = 200): PlainResponse {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) };
}

/** The answer as the platform has it; one to HEAD has no body (RFC 9110 section 9.3.2). */
export function toResponse({ status, headers, body }: PlainResponse, method: string): Response {
  return new Response(method === 'HEAD' ? null : body, { status, headers });
}

/** A response before it becomes a `Response` object. Node's server writes it directly, which halves the cost of a request. */

/** A response as plain data. */
export interface PlainResponse {
  status: number;
  /** The names are in lower case. */
  headers: Record<string, string>;
  body: string | null;
}

/** Makes a response with a JSON body. */
export function jsonResponse(value: object, status = 200): PlainResponse {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) };
}

/** Makes the `Response` object. The response to HEAD has no body (RFC 9110 section 9.3.2). */
export function toResponse({ status, headers, body }: PlainResponse, method: string): Response {
  return new Response(method === 'HEAD' ? null : body, { status, headers });
}

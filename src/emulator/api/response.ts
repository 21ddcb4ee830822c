/** Turns route results into HTTP responses with the headers that Twilio always sends. */
import { sid } from '../model/identifiers.js';
import type { RouteResult } from './route.js';

/** A JSON response, without a body if the result has none. */
export function respond({ status, body, headers = {} }: RouteResult): Response {
  return text(status, 'application/json', body === undefined ? null : JSON.stringify(body), headers);
}

/** An HTML response as from a proxy in front of Twilio, without Twilio's headers. */
export function html(status: number, body: string, headers: Record<string, string>): Response {
  return new Response(body, { status, headers: { 'Content-Type': 'text/html', ...headers } });
}

/** A response with this exact body and Twilio's headers. */
export function text(status: number, type: string, body: string | null, headers: Record<string, string>): Response {
  return new Response(body, {
    status,
    headers: {
      ...(body === null ? {} : { 'Content-Type': type }),
      'Twilio-Request-Id': sid('RQ'),
      'Twilio-Request-Duration': '0.001',
      'Twilio-Concurrent-Requests': '1',
      'X-Home-Region': 'us1',
      'X-API-Domain': 'verify.twilio.com',
      'Access-Control-Allow-Origin': '*',
      'Access-Control-Allow-Headers': 'Accept, Authorization, Content-Type, If-Match, If-Modified-Since, If-None-Match',
      'Access-Control-Allow-Methods': 'GET, POST, PATCH, PUT, DELETE, OPTIONS',
      'Access-Control-Allow-Credentials': 'true',
      'Access-Control-Expose-Headers': 'ETag',
      ...headers,
    },
  });
}

/** The OpenAPI 3.1 document of the backend, made from the schemas that validate the requests. It lets you write this backend in another language. */
import { z } from 'zod';
import * as bodies from '../../protocol/schemas.js';
import { problems, type ProblemCode } from '../../protocol/problems.js';
import { ProofClaims, ProofHeader } from '../../protocol/proof.js';
import { routeProblems, type RouteName } from '../../protocol/route-problems.js';

let text: string | undefined;

/** The document as JSON, made at the first call. */
export function openApiText(): string {
  return (text ??= JSON.stringify(openApi()));
}

const schemas = {
  ContactRequest: bodies.ContactRequest,
  TwoFactorRequest: bodies.TwoFactorRequest,
  ResendRequest: bodies.ResendRequest,
  DeliveryRequest: bodies.DeliveryRequest,
  CheckRequest: bodies.CheckRequest,
  Challenge: bodies.Challenge,
  NotRequired: bodies.NotRequired,
  DeliveryResult: bodies.DeliveryResult,
  CheckResult: bodies.CheckResult,
  ProofRequest: bodies.ProofRequest,
  ProofResult: bodies.ProofResult,
  ProofHeader,
  ProofClaims,
  Health: bodies.Health,
  Problem: bodies.Problem,
};
type SchemaName = keyof typeof schemas;

function openApi(): object {
  return {
    openapi: '3.1.0',
    info: {
      title: 'verify-contact',
      version: '1',
      license: { name: 'MIT', identifier: 'MIT' },
      description:
        'The HTTP interface between <verify-contact> or <two-factor> and their backend. Paths are relative to the attribute `endpoint`. ' +
        'If several answers to a request are due, the contract does not say which one is given: a backend may answer `unauthenticated` before it reads the body. ' +
        'A backend answers with no problem that is not listed for the route and the status.',
    },
    servers: [{ url: '.', description: 'Where the backend is mounted.' }],
    // This API has no sign-in of its own: the host's cookie or bearer token identifies the user, if there is one.
    security: [{}, { bearer: [] }, { session: [] }],
    paths: {
      '/contact': post('contact', 'Send a code to a contact', 'ContactRequest', { 201: 'Challenge' }),
      '/two-factor': post('two-factor', 'Send a code to a contact that the user has verified', 'TwoFactorRequest', {
        201: 'Challenge',
        200: 'NotRequired',
      }),
      '/resend': post('resend', 'Send another code, by the same or another channel', 'ResendRequest', {
        200: 'Challenge',
      }),
      '/delivery': post('delivery', 'Ask whether the message of a challenge has arrived', 'DeliveryRequest', {
        200: 'DeliveryResult',
      }),
      '/check': post('check', 'Check a code', 'CheckRequest', { 200: 'CheckResult' }, [
        {
          name: 'Idempotency-Key',
          in: 'header',
          required: true,
          description: 'For two minutes, the same key with the same challenge and code gets the same response.',
          schema: jsonSchema(bodies.IdempotencyKey),
        },
      ]),
      '/proof': post('proof', 'Ask whether a proof of a contact still holds', 'ProofRequest', { 200: 'ProofResult' }),
      '/jwks.json': get('jwks.json', 'The keys that proofs are signed with (RFC 7517)', {
        200: publicDocument('The public keys', 'application/jwk-set+json'),
      }),
      '/openapi.json': get('openapi.json', 'This document', {
        200: publicDocument('This document', 'application/json'),
      }),
      '/health': get(
        'health',
        'Whether the backend is ready',
        { 200: schemaResponse('Ready', 'Health'), 503: schemaResponse('Not ready', 'Health') },
        [
          {
            name: 'live',
            in: 'query',
            description: 'If present, the status is 200 even if the backend is not ready.',
            schema: { type: 'string' },
          },
        ],
      ),
    },
    components: {
      schemas: {
        ...Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, jsonSchema(schema)])),
        CheckResult: checkResult(),
      },
      responses: {
        'not-found': problemResponse(['not-found'], 'The path has no such last segment.'),
        'other-method': problemResponse(['invalid-request'], 'The route does not answer this method.', {
          Allow: { schema: { type: 'string' }, description: 'The methods that it answers.' },
        }),
      },
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: 'session',
          description: "The host's own session cookie, under any name.",
        },
      },
      headers: {
        'Retry-After': { description: 'Seconds, equal to `retryIn`.', schema: { type: 'integer', minimum: 0 } },
        'Cache-Control': { schema: { type: 'string' } },
      },
    },
  };
}

function post(
  route: RouteName,
  summary: string,
  body: SchemaName,
  success: Record<number, SchemaName>,
  parameters: object[] = [],
): object {
  const requestBody = { required: true, content: { 'application/json': { schema: reference(body) } } };
  const responses = Object.entries(success).map(([status, name]) => [status, schemaResponse(name, name)] as const);
  return pathItem(route, 'post', { summary, parameters, requestBody }, Object.fromEntries(responses));
}

function get(route: RouteName, summary: string, responses: Record<number, object>, parameters: object[] = []): object {
  return pathItem(route, 'get', { summary, parameters }, responses);
}

/** A route with its one method, and the preflight request that a browser sends before it (Fetch standard). */
function pathItem(
  route: RouteName,
  method: 'get' | 'post',
  operation: object,
  success: Record<number, object>,
): Record<string, object> {
  const elsewhere = {
    404: { $ref: '#/components/responses/not-found' },
    405: { $ref: '#/components/responses/other-method' },
  };
  return {
    [method]: { ...operation, responses: { ...success, ...problemResponses(routeProblems[route]), ...elsewhere } },
    options: {
      summary: 'Whether a page of another origin may use the route',
      security: [{}],
      responses: { 204: { description: 'The methods and headers that it may use' }, ...problemResponses(preflight) },
    },
  };
}

const preflight: ProblemCode[] = ['forbidden-origin'];

function publicDocument(description: string, type: string): object {
  const headers = { 'Cache-Control': { $ref: '#/components/headers/Cache-Control' } };
  return { description, headers, content: { [type]: { schema: { type: 'object' } } } };
}

function schemaResponse(description: string, name: SchemaName): object {
  return { description, content: { 'application/json': { schema: reference(name) } } };
}

/** OpenAPI allows one response per status, so its description and its schema list all problem codes with that status. */
function problemResponses(codes: readonly ProblemCode[]): Record<number, object> {
  const byStatus = new Map<number, ProblemCode[]>();
  for (const code of codes) {
    const { status } = problems[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return Object.fromEntries(
    [...byStatus].map(([status, ofStatus]) => {
      const description = ofStatus.map((code) => `\`${code}\`: ${problems[code].title}`).join('\n\n');
      const headers = { 'Retry-After': { $ref: '#/components/headers/Retry-After' } };
      return [status, problemResponse(ofStatus, description, status === 429 || status === 503 ? headers : undefined)];
    }),
  );
}

function problemResponse(codes: ProblemCode[], description: string, headers?: object): object {
  const schema = { allOf: [reference('Problem'), { type: 'object', properties: { code: { enum: codes } } }] };
  return { description, ...(headers && { headers }), content: { 'application/problem+json': { schema } } };
}

/** The result of a check, and what its proof contains: JSON Schema describes a JWT as its header and its payload. */
function checkResult(): object {
  const { properties, ...rest } = jsonSchema(bodies.CheckResult) as { properties: Record<string, object> };
  const description = 'A JWT, signed by a key of `jwks.json`, for the server of the page.';
  const contentSchema = {
    type: 'array',
    prefixItems: [reference('ProofHeader'), reference('ProofClaims')],
    minItems: 2,
  };
  const proof = { ...properties.proof, description, contentMediaType: 'application/jwt', contentSchema };
  return { ...rest, properties: { ...properties, proof } };
}

const reference = (name: SchemaName): object => ({ $ref: `#/components/schemas/${name}` });

function jsonSchema(schema: z.ZodType): object {
  // As an input, so that a JWT may have other members too: who reads one ignores what it does not know (RFC 7519 section 4).
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { target: 'draft-2020-12', io: 'input' });
  return rest;
}

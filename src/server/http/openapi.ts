/** The OpenAPI 3.1 document of the backend, made from the schemas that validate the requests. It lets you write this backend in another language. */
import { z } from 'zod';
import * as bodies from '../../protocol/schemas.js';
import { problems, type ProblemCode } from '../../protocol/problems.js';

let text: string | undefined;

/** The document as JSON, made at the first call. */
export function openApiText(): string {
  return (text ??= JSON.stringify(openApi()));
}

const schemas = {
  ContactRequest: bodies.ContactRequest,
  TwoFactorRequest: bodies.TwoFactorRequest,
  ResendRequest: bodies.ResendRequest,
  CheckRequest: bodies.CheckRequest,
  Challenge: bodies.Challenge,
  NotRequired: bodies.NotRequired,
  CheckResult: bodies.CheckResult,
  Health: bodies.Health,
  Problem: bodies.Problem,
};
type SchemaName = keyof typeof schemas;

const commonProblems: ProblemCode[] = [
  'invalid-request',
  'unauthenticated',
  'forbidden-origin',
  'too-large',
  'unavailable',
  'misconfigured',
];
const sendProblems: ProblemCode[] = [
  ...commonProblems,
  'blocked',
  'unsupported-contact',
  'unsupported-channel',
  'too-many-attempts',
  'too-many-sends',
  'resend-too-soon',
];
const challengeProblems: ProblemCode[] = ['invalid-challenge', 'code-expired', 'two-factor-needed'];

function openApi(): object {
  return {
    openapi: '3.1.0',
    info: {
      title: 'verify-contact',
      version: '1',
      license: { name: 'MIT', identifier: 'MIT' },
      description:
        'The HTTP interface between <verify-contact> or <two-factor> and their backend. Paths are relative to the attribute `endpoint`.',
    },
    servers: [{ url: '.', description: 'Where the backend is mounted.' }],
    // This API has no sign-in of its own: the host's cookie or bearer token identifies the user, if there is one.
    security: [{}, { bearer: [] }, { session: [] }],
    paths: {
      '/contact': post('Send a code to a contact', 'ContactRequest', { 201: 'Challenge' }, [
        ...sendProblems,
        'two-factor-needed',
        'invalid-contact',
      ]),
      '/two-factor': post(
        'Send a code to a contact that the user has verified',
        'TwoFactorRequest',
        { 201: 'Challenge', 200: 'NotRequired' },
        [...sendProblems, 'not-available'],
      ),
      '/resend': post('Send another code, by the same or another channel', 'ResendRequest', { 200: 'Challenge' }, [
        ...sendProblems,
        ...challengeProblems,
        'not-available',
      ]),
      '/check': post(
        'Check a code',
        'CheckRequest',
        { 200: 'CheckResult' },
        [...commonProblems, ...challengeProblems, 'wrong-code', 'too-many-attempts', 'contact-in-use'],
        [
          {
            name: 'Idempotency-Key',
            in: 'header',
            required: true,
            description: 'For two minutes, the same key with the same challenge and code gets the same response.',
            schema: jsonSchema(bodies.IdempotencyKey),
          },
        ],
      ),
      '/jwks.json': get('The keys that proofs are signed with (RFC 7517)', {
        'application/jwk-set+json': { schema: { type: 'object' } },
      }),
      '/openapi.json': get('This document', { 'application/json': { schema: { type: 'object' } } }),
      '/health': {
        get: {
          summary: 'Whether the backend is ready',
          parameters: [
            {
              name: 'live',
              in: 'query',
              description: 'If present, the status is 200 even if the backend is not ready.',
              schema: { type: 'string' },
            },
          ],
          responses: { 200: schemaResponse('Ready', 'Health'), 503: schemaResponse('Not ready', 'Health') },
        },
      },
    },
    components: {
      schemas: Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, jsonSchema(schema)])),
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
  summary: string,
  body: SchemaName,
  success: Record<number, SchemaName>,
  codes: ProblemCode[],
  parameters: object[] = [],
): object {
  return {
    post: {
      summary,
      parameters,
      requestBody: { required: true, content: { 'application/json': { schema: reference(body) } } },
      responses: {
        ...Object.fromEntries(Object.entries(success).map(([status, name]) => [status, schemaResponse(name, name)])),
        ...problemResponses(codes),
      },
    },
  };
}

function get(summary: string, content: object): object {
  const headers = { 'Cache-Control': { $ref: '#/components/headers/Cache-Control' } };
  return { get: { summary, responses: { 200: { description: summary, headers, content } } } };
}

function schemaResponse(description: string, name: SchemaName): object {
  return { description, content: { 'application/json': { schema: reference(name) } } };
}

/** OpenAPI allows one response per status, so its description and its schema list all problem codes with that status. */
function problemResponses(codes: ProblemCode[]): Record<number, object> {
  const byStatus = new Map<number, ProblemCode[]>();
  for (const code of codes) {
    const { status } = problems[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return Object.fromEntries(
    [...byStatus].map(([status, codesOfStatus]) => [
      status,
      {
        description: codesOfStatus.map((code) => `\`${code}\`: ${problems[code].title}`).join('\n\n'),
        ...(status === 429 || status === 503
          ? { headers: { 'Retry-After': { $ref: '#/components/headers/Retry-After' } } }
          : {}),
        content: {
          'application/problem+json': {
            schema: {
              allOf: [reference('Problem'), { type: 'object', properties: { code: { enum: codesOfStatus } } }],
            },
          },
        },
      },
    ]),
  );
}

const reference = (name: SchemaName): object => ({ $ref: `#/components/schemas/${name}` });

function jsonSchema(schema: z.ZodType): object {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { target: 'draft-2020-12' });
  return rest;
}

/** The backend's OpenAPI 3.1 document, generated from the schemas that also validate, so that anybody can write this backend in another language. */
import { z } from 'zod';
import * as bodies from '../../protocol/schemas.js';
import { problems, type ProblemCode } from '../../protocol/problems.js';

let text: string | undefined;

/** The document as JSON, made when it is first asked for. */
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
type Name = keyof typeof schemas;

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
        'What <verify-contact> and <two-factor> ask of their backend. Paths are relative to the attribute `endpoint`.',
    },
    servers: [{ url: '.', description: 'wherever the backend is mounted' }],
    // Nobody signs in to this API itself: the host's cookie or bearer says who is asking, where anybody must.
    security: [{}, { bearer: [] }, { session: [] }],
    paths: {
      '/contact': post('Send a code to a contact', 'ContactRequest', { 201: 'Challenge' }, [
        ...sendProblems,
        'two-factor-needed',
        'invalid-contact',
      ]),
      '/two-factor': post(
        'Send a code to what the user has verified',
        'TwoFactorRequest',
        { 201: 'Challenge', 200: 'NotRequired' },
        [...sendProblems, 'not-available'],
      ),
      '/resend': post('Send the code again, or by another channel', 'ResendRequest', { 200: 'Challenge' }, [
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
            description: 'The same key with the same challenge and code gets the same answer for two minutes.',
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
          summary: 'Whether the backend runs, and can do its work',
          parameters: [
            {
              name: 'live',
              in: 'query',
              description: 'If present, 200 also when not ready.',
              schema: { type: 'string' },
            },
          ],
          responses: { 200: answer('Ready', 'Health'), 503: answer('Not ready', 'Health') },
        },
      },
    },
    components: {
      schemas: Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, jsonSchema(schema)])),
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
        session: { type: 'apiKey', in: 'cookie', name: 'session', description: "the host's own, whatever its name" },
      },
      headers: {
        'Retry-After': { description: 'Seconds, the same as `retryIn`.', schema: { type: 'integer', minimum: 0 } },
        'Cache-Control': { schema: { type: 'string' } },
      },
    },
  };
}

function post(
  summary: string,
  body: Name,
  success: Record<number, Name>,
  codes: ProblemCode[],
  parameters: object[] = [],
): object {
  return {
    post: {
      summary,
      parameters,
      requestBody: { required: true, content: { 'application/json': { schema: reference(body) } } },
      responses: {
        ...Object.fromEntries(Object.entries(success).map(([status, name]) => [status, answer(name, name)])),
        ...problemAnswers(codes),
      },
    },
  };
}

function get(summary: string, content: object): object {
  const headers = { 'Cache-Control': { $ref: '#/components/headers/Cache-Control' } };
  return { get: { summary, responses: { 200: { description: summary, headers, content } } } };
}

function answer(description: string, name: Name): object {
  return { description, content: { 'application/json': { schema: reference(name) } } };
}

/** One response a status: OpenAPI has no way to list several, so the codes stand in the description and as a narrower schema. */
function problemAnswers(codes: ProblemCode[]): Record<number, object> {
  const byStatus = new Map<number, ProblemCode[]>();
  for (const code of codes) {
    const { status } = problems[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return Object.fromEntries(
    [...byStatus].map(([status, ofStatus]) => [
      status,
      {
        description: ofStatus.map((code) => `\`${code}\`: ${problems[code].title}`).join('\n\n'),
        ...(status === 429 || status === 503
          ? { headers: { 'Retry-After': { $ref: '#/components/headers/Retry-After' } } }
          : {}),
        content: {
          'application/problem+json': {
            schema: { allOf: [reference('Problem'), { type: 'object', properties: { code: { enum: ofStatus } } }] },
          },
        },
      },
    ]),
  );
}

const reference = (name: Name): object => ({ $ref: `#/components/schemas/${name}` });

function jsonSchema(schema: z.ZodType): object {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { target: 'draft-2020-12' });
  return rest;
}

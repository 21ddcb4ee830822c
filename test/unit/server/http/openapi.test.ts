/** The OpenAPI document describes what the backend really does. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { problems } from '../../../../src/protocol/problems.js';
import { createStack, PHONE } from '../../../support/backend-stack.js';

interface Document {
  openapi: string;
  paths: Record<
    string,
    Record<
      string,
      {
        responses: Record<string, { content?: Record<string, unknown> }>;
        requestBody?: unknown;
        parameters?: unknown[];
      }
    >
  >;
  components: { schemas: Record<string, object> };
}

async function document(): Promise<Document> {
  const stack = await createStack();
  return (await (await stack.get('openapi.json')).json()) as Document;
}

describe('openapi.json', () => {
  it('has version 3.1 and every route, problem and schema', async () => {
    const { openapi, paths, components } = await document();
    expect(openapi).toBe('3.1.0');
    expect(Object.keys(paths)).toEqual([
      '/contact',
      '/two-factor',
      '/resend',
      '/delivery',
      '/check',
      '/proof',
      '/jwks.json',
      '/openapi.json',
      '/health',
    ]);
    const text = JSON.stringify(paths);
    for (const code of Object.keys(problems).filter((one) => one !== 'not-found'))
      expect(text).toContain(`\`${code}\``);
    for (const operation of Object.values(paths).flatMap(({ options: _, ...methods }) => Object.values(methods)))
      expect(operation.responses).toMatchObject({
        404: { $ref: '#/components/responses/not-found' },
        405: { $ref: '#/components/responses/other-method' },
      });
    for (const [, name] of text.matchAll(/#\/components\/schemas\/(\w+)/g))
      expect(components.schemas).toHaveProperty(name ?? '');
  });

  it('every response of the backend matches it', async () => {
    const { components } = await document();
    const ajv = new Ajv2020({ strict: false });
    const check = (name: string, value: unknown) => {
      const valid = ajv.compile(components.schemas[name] ?? {});
      expect(valid(value), JSON.stringify(valid.errors)).toBe(true);
    };
    const stack = await createStack();
    const started = await stack.as(null).contact({ to: PHONE });
    check('Challenge', started.body);
    check('Problem', (await stack.as(null).check(started.body.challenge, stack.wrongCode(PHONE))).body);
    const result = (await stack.as(null).check(started.body.challenge, stack.code(PHONE))).body;
    check('CheckResult', result);
    const [header = '', claims = ''] = result.proof.split('.');
    for (const [name, part] of [
      ['ProofHeader', header],
      ['ProofClaims', claims],
    ] as const)
      check(name, JSON.parse(Buffer.from(part, 'base64url').toString()));
    const { proof } = result;
    check('ProofResult', await (await stack.post('proof', { proof })).json());
    check('ProofRequest', { proof, context: 'order 7' });
    check('NotRequired', (await stack.as('ada').twoFactor()).body);
    check('Health', await (await stack.get('health')).json());
    check('ContactRequest', { to: PHONE, channel: 'sms' });
    const other = ajv.compile(components.schemas.ProofHeader ?? {});
    expect(other({ alg: 'EdDSA', kid: 'k', typ: 'JWT' })).toBe(false);
    const unknown = ajv.compile(components.schemas.TwoFactorRequest ?? {});
    expect(unknown({ to: PHONE })).toBe(false);
  });
});

/** Rules for the public documents: keys, health, and the description of the API. */
import { z } from 'zod';
import { Health } from '../protocol/schemas.js';
import { get, assert, expectProblem, expectSuccess, type Rule } from './harness.js';
import { isListed, type OpenApi } from './listed-problems.js';

const group = 'Documents';
const Jwks = z.object({ keys: z.array(z.looseObject({ kty: z.string(), kid: z.string() })).min(1) });

export const documentRules: Rule[] = [
  {
    group,
    name: 'openapi.json is OpenAPI 3.1 and describes every route',
    async run(target) {
      const response = await get(target, 'openapi.json');
      assert(response.status === 200, `status ${response.status}`);
      const { openapi, paths } = (await response.json()) as { openapi?: string; paths?: object };
      assert(Boolean(openapi?.startsWith('3.1')), `version ${openapi}`);
      for (const route of ['/contact', '/two-factor', '/resend', '/delivery', '/check', '/jwks.json', '/health'])
        assert(route in (paths ?? {}), `no route ${route}`);
    },
  },
  {
    group,
    name: 'jwks.json has the public keys and nothing of the private ones',
    async run(target) {
      const response = await get(target, 'jwks.json');
      assert(response.status === 200, `status ${response.status}`);
      const jwks = Jwks.safeParse(await response.json());
      assert(jwks.success, 'not a set of keys with kty and kid');
      for (const key of jwks.data.keys)
        assert(!('d' in key || 'k' in key), `the key ${key.kid} contains its private part`);
    },
  },
  {
    group,
    name: 'health reports by status and body whether the backend is live and ready',
    async run(target) {
      const response = await get(target, 'health');
      const { ready } = await expectSuccess(response, response.status === 503 ? 503 : 200, Health);
      assert(ready === (response.status === 200), `ready ${ready} with status ${response.status}`);
    },
  },
  {
    group,
    name: 'an unknown route is not found',
    async run(target) {
      await expectProblem(await get(target, 'no-such-route'), 'not-found');
    },
  },
];

/** It judges the answers to all other rules, so it runs last. */
export const answerRules: Rule[] = [
  {
    group,
    name: 'openapi.json lists every problem that was answered, for its route and status',
    async run(target) {
      // A method that no route answers is a problem too.
      await target.fetch(new Request(`${target.endpoint}/check`));
      const document = (await (await get(target, 'openapi.json')).json()) as OpenApi;
      const missing = target.answers.filter((answer) => !isListed(document, answer));
      const named = missing.map(({ method, path, status, code }) => `${method} ${path} ${status} ${code}`);
      assert(missing.length === 0, `not listed: ${[...new Set(named)].join(', ')}`);
    },
  },
];

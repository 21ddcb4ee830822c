/** What anybody may read: keys, health, the description of the API. */
import { z } from 'zod';
import { Health } from '../protocol/schemas.js';
import { get, assert, expectProblem, expectSuccess, type Rule } from './harness.js';

const group = 'Documents';
const Jwks = z.object({ keys: z.array(z.looseObject({ kty: z.string(), kid: z.string() })).min(1) });

export const documents: Rule[] = [
  {
    group,
    name: 'openapi.json is OpenAPI 3.1 and names every route',
    async run(target) {
      const response = await get(target, 'openapi.json');
      assert(response.status === 200, `status ${response.status}`);
      const { openapi, paths } = (await response.json()) as { openapi?: string; paths?: object };
      assert(Boolean(openapi?.startsWith('3.1')), `the version ${openapi}`);
      for (const route of ['/contact', '/two-factor', '/resend', '/check', '/jwks.json', '/health'])
        assert(route in (paths ?? {}), `no ${route}`);
    },
  },
  {
    group,
    name: 'jwks.json has public keys, and nothing of the private ones',
    async run(target) {
      const response = await get(target, 'jwks.json');
      assert(response.status === 200, `status ${response.status}`);
      const jwks = Jwks.safeParse(await response.json());
      assert(jwks.success, 'it is no set of keys with kty and kid');
      for (const key of jwks.data.keys) assert(!('d' in key || 'k' in key), `the key ${key.kid} shows its secret`);
    },
  },
  {
    group,
    name: 'health says whether the backend lives and is ready, by status and body',
    async run(target) {
      const response = await get(target, 'health');
      const { ready } = await expectSuccess(response, response.status === 503 ? 503 : 200, Health);
      assert(ready === (response.status === 200), `ready ${ready} with status ${response.status}`);
    },
  },
  {
    group,
    name: 'a route that there is not is not found',
    async run(target) {
      await expectProblem(await get(target, 'no-such-route'), 'not-found');
    },
  },
];

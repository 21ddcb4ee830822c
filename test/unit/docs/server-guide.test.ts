/** The lines of the guide to the backend, run: each framework's route passes the visitor's address, and the lists of countries hold. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { createStack, ENDPOINT, PHONE } from '../../support/backend-stack.js';
import type { PeerConnection } from '../../../src/server/index.js';

const guide = readFileSync(new URL('../../../docs/server.md', import.meta.url), 'utf8');
const address = '192.0.2.7';

type Verify = (request: Request, connection?: PeerConnection) => unknown;

/** Runs a line of the guide, with `verify` in its scope. */
const route = (code: string, verify: Verify) =>
  // The line is a text of the guide, which is what this test is about.
  // eslint-disable-next-line @typescript-eslint/no-implied-eval
  (new Function('verify', `return (${code})`) as (verify: Verify) => (...given: unknown[]) => unknown)(verify);

const lines = new Map(
  [...guide.matchAll(/^\| (\w[\w ]*?) +\| `(\(.*\) => verify\(.*\))` +\|$/gm)].map(([, name = '', code = '']) => [
    name,
    code,
  ]),
);
const request = () => new Request(`${ENDPOINT}/jwks.json`);

/** What each framework gives to a route, by its own documents. */
const frameworks: Record<string, (request: Request) => unknown[]> = {
  SvelteKit: (request) => [{ request, getClientAddress: () => address }],
  Astro: (request) => [{ request, clientAddress: address }],
  'h3 2': (req) => [{ req: Object.assign(req, { ip: address }) }],
  Bun: (request) => [request, { requestIP: (of: Request) => (of === request ? { address, port: 1 } : null) }],
  Deno: (request) => [request, { remoteAddr: { transport: 'tcp', hostname: address, port: 1 } }],
};

it('has a line for each of these frameworks', () => {
  expect([...lines.keys()]).toEqual(Object.keys(frameworks));
});

it.each(Object.keys(frameworks))('the line for %s passes the request and the address', (name) => {
  const given: unknown[] = [];
  const one = request();
  route(lines.get(name) ?? '', (...all) => given.push(...all))(...(frameworks[name]?.(one) ?? []));
  expect(given).toEqual([one, { address }]);
  expect(given[0]).toBe(one);
});

it('the handler for AWS Lambda sends a code for a function URL’s event', async () => {
  const { handler, emulator } = await createStack({ anonymous: true });
  const [, code = ''] = /```js\nexport (async function handler[^]*?)```/.exec(guide) ?? [];
  const seen: unknown[] = [];
  const lambda = route(code, (one, connection) => {
    seen.push(connection);
    return handler(one, connection);
  });
  const answer = await lambda({
    version: '2.0',
    rawPath: '/verify/contact',
    rawQueryString: '',
    headers: { 'content-type': 'application/json' },
    body: Buffer.from(JSON.stringify({ to: PHONE })).toString('base64'),
    isBase64Encoded: true,
    requestContext: { domainName: 'shop.example', http: { method: 'POST', sourceIp: address } },
  });
  expect(answer).toMatchObject({ statusCode: 201 });
  expect(seen).toEqual([{ address }]);
  expect(emulator.outbox.list().map(({ to }) => to)).toEqual([PHONE]);
});

const lists = [...guide.matchAll(/^\| .*? \| `(\['[A-Z', ]+\])` +\|$/gm)].map(
  ([, list = '']) => JSON.parse(list.replaceAll("'", '"')) as string[],
);

it.each([
  ['GB', 'Guernsey', '+447781123456'],
  ['US', 'Puerto Rico', '+17872345678'],
  ['FR', 'Réunion', '+262692123456'],
])('[%s] alone refuses a number of %s, and the guide’s list sends to it', async (country, _, to) => {
  const list = lists.find(([first]) => first === country) ?? [];
  expect(list.length).toBeGreaterThan(3);
  const statusOf = async (countries: string[]) => {
    const { handler } = await createStack({ anonymous: true, countries });
    const body = JSON.stringify({ to });
    const headers = { 'content-type': 'application/json' };
    const one = new Request(`${ENDPOINT}/contact`, { method: 'POST', headers, body });
    const response = await handler(one, { address });
    return [response.status, ((await response.json()) as { code?: string }).code];
  };
  expect(await statusOf([country])).toEqual([422, 'unsupported-contact']);
  expect((await statusOf(list))[0]).toBe(201);
});

/** Every operation of the control plane against wrong values of every kind, made from its own schemas: nothing may change. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { operations } from '../../../src/emulator/control/operations.js';
import { createEmulator, type Emulator } from '../../../src/emulator/index.js';
import { functionClient } from '../../support/emulator-client.js';

const ajv = addFormats.default(new Ajv2020({ strict: false }));

/** One value of each kind that JSON has, and the usual mistakes in numbers, names and times. */
const kinds: unknown[] = [
  null,
  true,
  'true',
  '',
  ' ',
  'x',
  '😀',
  '__proto__',
  '<img src=x onerror=alert(1)>',
  '5',
  '5.5',
  '-1',
  0,
  -1,
  1.5,
  1e300,
  2 ** 53,
  [],
  [[]],
  [null],
  ['x'],
  {},
  { x: {} },
];

interface Wrong {
  endpoint: string;
  part: 'query' | 'body' | 'path';
  name: string;
  value: unknown;
}

interface ObjectSchema {
  properties?: Record<string, object>;
}

/** A request of each operation that is right but for one value, as the published schema judges it. */
const wrongValues: Wrong[] = Object.entries(operations).flatMap(([endpoint, operation]) =>
  (['path', 'query', 'body'] as const).flatMap((part) => {
    const { properties = {} } = z.toJSONSchema(operation[part], { io: 'input' }) as ObjectSchema;
    return Object.entries(properties).flatMap(([name, schema]) => {
      const isRight = ajv.compile(schema);
      return kinds
        .filter((value) => part === 'body' || typeof value !== 'object')
        .filter((value) => !isRight(part === 'body' ? value : inText(value, schema)))
        .map((value) => ({ endpoint, part, name, value }));
    });
  }),
);

/** A query and a path hold text only: "5" in them is the number 5, if the schema has a number there. */
function inText(value: unknown, schema: object): unknown {
  const isNumber = 'type' in schema && schema.type === 'integer';
  return isNumber && /^\d+$/.test(String(value)) ? Number(value) : String(value);
}

/** Bodies that would be carried out, were it not for what is added. */
const rightBodies: Record<string, object> = {
  'POST /clock': { advance: 60 },
  'POST /faults': { code: 60203 },
  'POST /services': { sid: `VA${'9'.repeat(32)}`, codeLength: 5 },
  'PATCH /services/{sid}': { codeLength: 5 },
};

function open() {
  const emulator = createEmulator({ control: true, now: () => 1_800_000_000_000, random: () => '123456' });
  emulator.faults.add({ code: 60605, to: '+447400000000' });
  return emulator;
}

async function call(emulator: Emulator, endpoint: string, query: URLSearchParams, body: object, id = '1') {
  const [method = '', pattern = ''] = endpoint.split(' ');
  const path = pattern.replace('{id}', id).replace('{sid}', id === '1' ? emulator.services.contact : id);
  const content = Object.keys(body).length > 0 ? { body: JSON.stringify(body) } : {};
  const search = query.size > 0 ? `?${query}` : '';
  // A GET has no body in `fetch`, and this is not the place to send one.
  const init = method === 'GET' ? { method } : { method, ...content };
  return emulator.fetch(new Request(`http://localhost/__emulator${path}${search}`, init));
}

/** All that the control plane can tell. */
async function stateOf(emulator: Emulator): Promise<unknown> {
  const lists = Object.keys(operations).filter((endpoint) =>
    /^GET \/(?!outbox\/events|openapi|health|$)/.test(endpoint),
  );
  return Promise.all(
    lists.map(async (endpoint) => {
      const response = await call(emulator, endpoint, new URLSearchParams(), {});
      return (await response.json()) as unknown;
    }),
  );
}

async function expectRefusal(emulator: Emulator, response: Response, before: unknown): Promise<void> {
  expect(response.status).toBe(400);
  const { error } = (await response.json()) as { error: string };
  expect(error).toMatch(/^[^\n]+\.$/);
  expect(await stateOf(emulator)).toEqual(before);
}

describe('the control plane', () => {
  it('is attacked with hundreds of wrong values', () => {
    expect(wrongValues.length).toBeGreaterThan(600);
    expect(new Set(wrongValues.map(({ endpoint }) => endpoint)).size).toBeGreaterThan(8);
  });

  it.each(Object.keys(operations))('%s refuses every wrong value, and changes nothing', async (endpoint) => {
    const emulator = open();
    await functionClient(emulator)
      .verify.v2.services(emulator.services.contact)
      .verifications.create({ to: '+447400123456', channel: 'sms' });
    const before = await stateOf(emulator);
    for (const { part, name, value } of wrongValues.filter((one) => one.endpoint === endpoint)) {
      const text = typeof value === 'string' ? value : JSON.stringify(value);
      // An empty segment is another path.
      if (part === 'path' && text.trim() === '') continue;
      const query = new URLSearchParams(part === 'query' ? { [name]: text } : {});
      const body = { ...rightBodies[endpoint], ...(part === 'body' ? { [name]: value } : {}) };
      const id = part === 'path' ? encodeURIComponent(text) : '1';
      await expectRefusal(emulator, await call(emulator, endpoint, query, body, id), before).catch((error: unknown) => {
        throw new Error(`${endpoint}, ${part} ${name}: ${JSON.stringify(value)}`, { cause: error });
      });
    }
  });

  it.each(Object.keys(operations))('%s refuses unknown names, and changes nothing', async (endpoint) => {
    const emulator = open();
    const before = await stateOf(emulator);
    const none = new URLSearchParams();
    for (const name of ['x', 'constructor', 'toString', '', 'Advance', 'code ', 'sid2']) {
      const query = new URLSearchParams({ [name]: '1' });
      await expectRefusal(emulator, await call(emulator, endpoint, query, rightBodies[endpoint] ?? {}), before);
      if (endpoint.startsWith('GET ')) continue;
      const body = { ...rightBodies[endpoint], [name]: 1 };
      await expectRefusal(emulator, await call(emulator, endpoint, none, body), before);
    }
  });

  it('carries out each of the requests that the wrong value spoils', async () => {
    for (const [endpoint, body] of Object.entries(rightBodies)) {
      const response = await call(open(), endpoint, new URLSearchParams(), body);
      expect([endpoint, response.ok]).toEqual([endpoint, true]);
    }
  });
});

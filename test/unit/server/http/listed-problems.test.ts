/** Every problem that `openapi.json` lists for a route is answered there. The test stack refuses one that is not listed. */
import { describe, expect, it } from 'vitest';
import { createEmulator, type Fault } from '../../../../src/emulator/index.js';
import { problems, type ProblemCode } from '../../../../src/protocol/problems.js';
import { routeProblems } from '../../../../src/protocol/route-problems.js';
import {
  createHandler,
  generateKeys,
  memoryAccounts,
  memoryStore,
  StoreError,
  type Store,
} from '../../../../src/server/index.js';
import {
  createStack,
  EMAIL,
  ENDPOINT,
  ORIGIN,
  OTHER_PHONE,
  PHONE,
  type Stack,
} from '../../../support/backend-stack.js';
import { expectListedProblem } from '../../../support/listed-problems.js';

const posts = ['contact', 'two-factor', 'resend', 'delivery', 'check', 'proof'] as const;
type Post = (typeof posts)[number];
type Reply = Promise<ProblemCode | undefined>;

/** A backend where ada has a verified phone and must use it. */
async function open(options: Parameters<typeof createStack>[0] = {}): Promise<Stack> {
  const stack = await createStack(options);
  await stack.accounts.contactVerified('ada', { type: 'phone', value: PHONE });
  await stack.accounts.setTwoFactorRequired('ada', true);
  return stack;
}

async function send(stack: Stack, route: Post, body: object, user: string | null, headers = {}): Reply {
  const all = {
    ...(user === null ? {} : { cookie: `session=${user}` }),
    ...(route === 'check' ? { 'idempotency-key': crypto.randomUUID() } : {}),
    ...headers,
  };
  const { code } = (await (await stack.post(route, body, all)).json()) as { code?: ProblemCode };
  return code;
}

/** A body that is in order, of a user who may send it: ada for two-factor, nobody for the others. */
async function ready(stack: Stack, route: Post, to = OTHER_PHONE): Promise<[body: object, user: string | null]> {
  if (route === 'contact') return [{ to }, null];
  if (route === 'two-factor') return [{}, 'ada'];
  if (route === 'proof') return [{ proof: 'made.up.proof' }, null];
  const { challenge } = (await stack.as(null).contact({ to })).body;
  // A wait after which a resend is allowed.
  stack.clock.advance(31);
  return [route === 'check' ? { challenge, code: stack.wrongCode(to) } : { challenge }, null];
}

/** What the route answers to a request that is in order while Twilio answers with an error. */
const whenTwilio = (fault: Fault) => async (route: Post) => {
  const stack = await open();
  const [body, user] = await ready(stack, route);
  stack.emulator.faults.add({ ...fault, method: 'POST' });
  return await send(stack, route, body, user);
};

const withHeaders = (headers: object) => async (route: Post) => send(await open(), route, {}, null, headers);

/** The challenge of a user for whom something has changed since. */
async function oldChallenge(stack: Stack, user: string | null) {
  const { challenge } = (await stack.as(user).contact({ to: OTHER_PHONE })).body;
  return (route: Post) => (route === 'check' ? { challenge, code: stack.wrongCode(OTHER_PHONE) } : { challenge });
}

/** How a route comes to answer with each problem. */
const ways: Partial<Record<ProblemCode, (route: Post) => Reply>> = {
  'invalid-request': async (route) => send(await open(), route, { unknown: true }, null),
  'forbidden-origin': withHeaders({ 'sec-fetch-site': 'cross-site', origin: 'https://attacker.example' }),
  'too-large': async (route) => send(await open(), route, { to: 'x'.repeat(300_000) }, null),
  async unauthenticated(route) {
    const stack = await open();
    const [body] = await ready(stack, route);
    return await send(stack, route, body, null, { authorization: 'Bearer' });
  },
  async unavailable(route) {
    // What Twilio does not answer is an unknown delivery.
    if (route !== 'delivery') return await whenTwilio({ status: 500 })(route);
    const stack = await open();
    const [body, user] = await ready(stack, route);
    const store: Store = { ...stack.store, get: () => Promise.reject(new StoreError('It is gone.')) };
    return await send(await createStack({ sharing: stack, store }), route, body, user);
  },
  async misconfigured(route) {
    if (route !== 'delivery') return await whenTwilio({ code: 20003 })(route);
    return await send(await open({ identify: () => ({ id: '' }) }), route, { challenge: 'x' }, null);
  },
  blocked: whenTwilio({ code: 60410 }),
  'unsupported-contact': whenTwilio({ code: 60605 }),
  'unsupported-channel': whenTwilio({ code: 60223 }),
  'too-many-attempts': whenTwilio({ code: 60202 }),
  'too-many-sends': whenTwilio({ code: 60203 }),
  'resend-too-soon': whenTwilio({ code: 60212 }),
  'invalid-contact': whenTwilio({ code: 60200, message: 'Invalid parameter `To`: +1' }),
  async 'two-factor-needed'(route) {
    const stack = await open();
    if (route === 'contact') return await send(stack, route, { to: OTHER_PHONE }, 'ada');
    const body = await oldChallenge(stack, 'bob');
    await stack.accounts.contactVerified('bob', { type: 'email', value: EMAIL });
    await stack.accounts.contactVerified('bob', { type: 'phone', value: '+447400123457' });
    await stack.accounts.setTwoFactorRequired('bob', true);
    return await send(stack, route, body(route), 'bob');
  },
  async 'not-available'(route) {
    const stack = await open();
    const { challenge } = (await stack.as('ada').twoFactor()).body;
    await stack.accounts.remove('ada', { type: 'phone', value: PHONE });
    return await send(stack, route, route === 'resend' ? { challenge } : {}, 'ada');
  },
  async 'invalid-challenge'(route) {
    const [body, user] = await ready(await open(), route);
    return await send(await open(), route, body, user);
  },
  async 'code-expired'(route) {
    const stack = await open();
    const body = await oldChallenge(stack, null);
    stack.clock.advance(601);
    return await send(stack, route, body(route), null);
  },
  async 'wrong-code'(route) {
    const stack = await open();
    const [body, user] = await ready(stack, route);
    return await send(stack, route, body, user);
  },
  async 'contact-in-use'(route) {
    const stack = await open({ accounts: memoryAccounts({ uniqueContacts: true }) });
    const { challenge } = (await stack.as('bob').contact({ to: PHONE })).body;
    return await send(stack, route, { challenge, code: stack.code(PHONE) }, 'bob');
  },
};

/** A question about a proof reaches neither Twilio nor an account. */
const proofOf = async (options: Parameters<typeof createStack>[0]): Reply => {
  const stack = await createStack(options);
  return await send(stack, 'proof', { proof: 'made.up.proof' }, null);
};
const waysOfProof: typeof ways = {
  unavailable: () => proofOf({ store: { ...memoryStore(), reserve: () => Promise.reject(new StoreError('down')) } }),
  misconfigured: () => proofOf({ identify: () => ({ id: '' }) }),
  'too-many-attempts': () => proofOf({ limits: { proofs: { address: { perHour: 0 } } } }),
  'invalid-proof': () => proofOf({}),
};

const listed = posts.flatMap((route) => routeProblems[route].map((code) => [route, code] as const));

describe('a problem that is listed', () => {
  it.each(listed)('is answered: POST /%s, %s', async (route, code) => {
    const all = route === 'proof' ? { ...ways, ...waysOfProof } : ways;
    expect(await all[code]?.(route)).toBe(code);
  });

  it('is answered: GET /jwks.json, misconfigured', async () => {
    const { accountSid, apiKey, apiSecret } = createEmulator().credentials;
    const services = { contactService: `VA${'1'.repeat(32)}`, twoFactorService: `VA${'2'.repeat(32)}` };
    const keys = await generateKeys();
    const handler = createHandler({
      audience: ORIGIN,
      // Two halves that do not belong together, which only their import shows.
      keys: { ...keys, signing: { ...keys.signing, x: (await generateKeys()).signing.x } },
      twilio: { accountSid, apiKey, apiSecret, ...services },
      store: memoryStore(),
      onEvent: () => undefined,
    });
    const response = await expectListedProblem(handler)(new Request(`${ENDPOINT}/jwks.json`));
    expect(await response.json()).toMatchObject({ code: 'misconfigured', status: 503 });
  });
});

describe('a problem that is not listed', () => {
  const answering = (code: ProblemCode, status: number = problems[code].status) =>
    expectListedProblem(
      Object.assign(
        () => {
          const headers = { 'content-type': 'application/problem+json' };
          return Promise.resolve(new Response(JSON.stringify({ code, status }), { status, headers }));
        },
        { ready: () => Promise.resolve(), close: () => Promise.resolve() },
      ),
    );
  const post = (route: string) => new Request(`${ENDPOINT}/${route}`, { method: 'POST' });

  it('fails the test that meets it', async () => {
    await expect(answering('wrong-code')(post('contact'))).rejects.toThrow(
      'POST /contact answered 422 wrong-code, which no list has.',
    );
    await expect(answering('not-found')(post('contact'))).rejects.toThrow();
    await expect(answering('unavailable', 500)(post('contact'))).rejects.toThrow();
    await expect(answering('invalid-request')(post('elsewhere'))).rejects.toThrow();
    expect((await answering('wrong-code')(post('check'))).status).toBe(422);
  });
});

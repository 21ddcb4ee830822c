/** The page's client: what it sends, and that every response becomes the documented one or a problem to show. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { httpClient, type HttpClientOptions } from '../../../src/flow/http-client.js';
import { byPhone, challenge, result } from '../../support/flow-fixtures.js';

/** V8's garbage collector as a function, which Node otherwise shows only with `--expose-gc`. */
function exposedGc(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}

const never = new AbortController().signal;
const key = '0123456789abcdef';

/** A client whose network returns these responses in order and records the requests. */
function clientWith(answers: (Response | Error)[], options: Partial<HttpClientOptions> = {}) {
  const requests: Request[] = [];
  const client = httpClient({
    endpoint: 'https://shop.example/verify',
    fetch: (url, init) => {
      requests.push(new Request(url, init));
      const answer = answers.shift();
      return answer instanceof Response
        ? Promise.resolve(answer)
        : Promise.reject(answer ?? new TypeError('Failed to fetch'));
    },
    ...options,
  });
  return { client, requests };
}

const json = (body: unknown, status = 200, type = 'application/json') =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': type } });
const problem = (status: number, code: string, more = {}) =>
  json(
    { type: `urn:verify-contact:problem:${code}`, title: '…', status, code, ...more },
    status,
    'application/problem+json',
  );

const quiet = () => vi.spyOn(console, 'error').mockImplementation(() => undefined);
afterEach(() => void vi.restoreAllMocks());

describe('a request', () => {
  it('goes to the route under the endpoint as JSON, without a token where there is none', async () => {
    const { client, requests } = clientWith([json(challenge(), 201)], { endpoint: 'https://shop.example/verify/' });
    await client.contact({ to: '415 555 2671', country: 'US', context: undefined }, never);
    const [request] = requests;
    expect(request?.method).toBe('POST');
    expect(request?.url).toBe('https://shop.example/verify/contact');
    expect(request?.headers.get('content-type')).toBe('application/json');
    expect(request?.headers.has('authorization')).toBe(false);
    expect(await request?.json()).toEqual({ to: '415 555 2671', country: 'US' });
  });

  it('carries the idempotency key of a check, and the token of the page', async () => {
    const { client, requests } = clientWith([json(result)], { token: 'page-token' });
    expect(await client.check({ challenge: 'sealed', code: '123456' }, key, never)).toEqual({
      ok: true,
      value: result,
    });
    expect(requests[0]?.url).toBe('https://shop.example/verify/check');
    expect(requests[0]?.headers.get('idempotency-key')).toBe(key);
    expect(requests[0]?.headers.get('authorization')).toBe('Bearer page-token');
  });

  it('never names a destination in two-factor', async () => {
    const { client, requests } = clientWith([json(byPhone, 201)]);
    await client.twoFactor({ locale: 'de' }, never);
    expect(await requests[0]?.json()).toEqual({ locale: 'de' });
  });
});

describe('an expired bearer token', () => {
  it('is renewed once, and the request is made again with the same idempotency key', async () => {
    const getToken = vi.fn(() => Promise.resolve('new-token'));
    const { client, requests } = clientWith([problem(401, 'unauthenticated'), json(result)], {
      token: 'old-token',
      getToken,
    });
    expect((await client.check({ challenge: 'sealed', code: '123456' }, key, never)).ok).toBe(true);
    expect(requests.map((request) => request.headers.get('authorization'))).toEqual([
      'Bearer old-token',
      'Bearer new-token',
    ]);
    expect(requests.map((request) => request.headers.get('idempotency-key'))).toEqual([key, key]);
    expect(getToken).toHaveBeenCalledOnce();
  });

  it('is a problem when the renewed one is refused too', async () => {
    const refused = [problem(401, 'unauthenticated'), problem(401, 'unauthenticated')];
    const { client, requests } = clientWith(refused, { token: 'old-token', getToken: () => 'new-token' });
    expect(await client.contact({ to: 'a@b.example' }, never)).toMatchObject({ problem: { code: 'unauthenticated' } });
    expect(requests).toHaveLength(2);
  });

  it('stays renewed for later requests, until the page sets another', async () => {
    const options: { endpoint: string; token: string; getToken: () => string } = {
      endpoint: 'https://shop.example/verify',
      token: 'old-token',
      getToken: () => 'new-token',
    };
    const sent: (string | null)[] = [];
    const client = httpClient({
      get token() {
        return options.token;
      },
      endpoint: options.endpoint,
      getToken: options.getToken,
      fetch: (url, init) => {
        const bearer = new Request(url, init).headers.get('authorization');
        sent.push(bearer);
        return Promise.resolve(
          bearer === 'Bearer old-token' ? problem(401, 'unauthenticated') : json(challenge(), 201),
        );
      },
    });
    await client.contact({ to: 'a@b.example' }, never);
    await client.contact({ to: 'a@b.example' }, never);
    options.token = 'third-token';
    await client.contact({ to: 'a@b.example' }, never);
    expect(sent).toEqual(['Bearer old-token', 'Bearer new-token', 'Bearer new-token', 'Bearer third-token']);
  });

  it('is requested before the first request if the page set none', async () => {
    const { client, requests } = clientWith([json(challenge(), 201)], { getToken: () => 'first-token' });
    await client.contact({ to: 'a@b.example' }, never);
    expect(requests.map((request) => request.headers.get('authorization'))).toEqual(['Bearer first-token']);
  });

  it('that the page fails to renew is a failed connection, not an exception', async () => {
    const getToken = () => Promise.reject(new Error('The session server is down.'));
    const { client } = clientWith([problem(401, 'unauthenticated')], { token: 'old-token', getToken });
    expect(await client.contact({ to: 'a@b.example' }, never)).toEqual({ ok: false, problem: { code: 'unreachable' } });
  });

  it.each([
    ['first', null],
    ['new', 'old-token'],
  ])(
    'that never arrives as the %s one ends at the timeout, and one that comes later sends nothing',
    async (_, token) => {
      const limit = new AbortController();
      vi.spyOn(AbortSignal, 'timeout').mockReturnValue(limit.signal);
      let arrive: (token: string) => void = () => undefined;
      const getToken = vi.fn(() => new Promise<string>((resolve) => (arrive = resolve)));
      const refused = token === null ? [] : [problem(401, 'unauthenticated')];
      const { client, requests } = clientWith([...refused, json(challenge(), 201)], { token, getToken });
      const answer = client.contact({ to: 'a@b.example' }, never);
      await vi.waitFor(() => expect(getToken).toHaveBeenCalledOnce());
      limit.abort();
      expect(await answer).toEqual({ ok: false, problem: { code: 'unreachable' } });
      arrive('late-token');
      await new Promise(setImmediate);
      expect(requests).toHaveLength(refused.length);
    },
  );

  it('that arrives after the person left sends nothing', async () => {
    const left = new AbortController();
    const getToken = () => {
      left.abort();
      return 'late-token';
    };
    const { client, requests } = clientWith([json(challenge(), 201)], { getToken });
    expect((await client.contact({ to: 'a@b.example' }, left.signal)).ok).toBe(false);
    expect(requests).toEqual([]);
  });
});

describe('a response', () => {
  it('with a problem of ours has the attempts left and the wait', async () => {
    const { client } = clientWith([problem(422, 'wrong-code', { attemptsLeft: 4, retryIn: 12 })]);
    const answer = await client.check({ challenge: 'sealed', code: '123456' }, key, never);
    expect(answer).toEqual({ ok: false, problem: { code: 'wrong-code', attemptsLeft: 4, retryIn: 12 } });
  });

  it('that fails is unreachable', async () => {
    const { client } = clientWith([new TypeError('Failed to fetch')]);
    expect(await client.resend({ challenge: 'sealed' }, never)).toEqual({
      ok: false,
      problem: { code: 'unreachable' },
    });
  });

  it('that does not come within the time limit is given up', async () => {
    // The test holds the signal of the time limit, so that it can end it.
    const limit = new AbortController();
    const timeout = vi.spyOn(AbortSignal, 'timeout').mockReturnValue(limit.signal);
    const client = httpClient({
      endpoint: 'https://shop.example/verify',
      timeout: 1234,
      fetch: (_, { signal }) =>
        new Promise((_, reject) => {
          signal?.addEventListener('abort', () => reject(new Error('aborted')), { once: true });
          limit.abort();
        }),
    });
    expect(await client.resend({ challenge: 'sealed' }, never)).toEqual({
      ok: false,
      problem: { code: 'unreachable' },
    });
    expect(timeout).toHaveBeenCalledWith(1234);
  });

  it('that does not come within the time limit is given up even if memory was collected meanwhile', async () => {
    const collectGarbage = exposedGc();
    const client = httpClient({
      endpoint: 'https://shop.example/verify',
      timeout: 300,
      fetch: (_, { signal }) =>
        new Promise((_, reject) => {
          signal?.addEventListener('abort', () => reject(new Error('aborted')), { once: true });
          // In a task of its own, when no local variable of the client's refers to the limit any more.
          setImmediate(collectGarbage);
        }),
    });
    expect(await client.resend({ challenge: 'sealed' }, never)).toEqual({
      ok: false,
      problem: { code: 'unreachable' },
    });
  }, 5_000);

  it.each<[string, () => Response]>([
    ['a page of HTML', () => new Response('<!doctype html><h1>Not found</h1>', { status: 404 })],
    ['a page of HTML that says OK', () => new Response('<!doctype html>')],
    ['nothing', () => new Response(null, { status: 204 })],
    ['null', () => json(null)],
    ['an empty object', () => json({})],
    ['a success of somebody else', () => json({ verified: true, status: 'approved' })],
    ['a list', () => json([])],
    ['a challenge without its lifetime', () => json({ ...challenge(), expiresIn: undefined })],
    ['a challenge with a negative wait', () => json({ ...challenge(), resendIn: -1 })],
    ['a challenge with a lifetime as text', () => json({ ...challenge(), expiresIn: '600' })],
    ['a challenge with broken methods', () => json({ ...challenge(), methods: [null] })],
    ['a challenge under an error', () => json(challenge(), 500)],
    ['a problem of another program', () => json({ code: 'wrong-code', message: 'No.' }, 422)],
  ])('that is %s is no success, and the console explains it to the developer', async (_, response) => {
    const console = quiet();
    const { client } = clientWith([response(), response(), response()]);
    const problem = { ok: false, problem: { code: 'unavailable' } };
    expect(await client.contact({ to: 'a@b.example' }, never)).toEqual(problem);
    expect(await client.resend({ challenge: 'sealed' }, never)).toEqual(problem);
    expect(await client.twoFactor({}, never)).toEqual(problem);
    expect(console).toHaveBeenCalledTimes(3);
    expect(console).toHaveBeenLastCalledWith(expect.stringContaining('https://shop.example/verify/two-factor'));
  });

  it.each([
    ['that nothing is required, and more', { required: false, reason: 'trust me' }],
    ['that something is required', { required: true }],
    ['null', { required: null }],
    ['false by another name', { required: 0 }],
  ])('to two-factor that says %s never waives the second factor', async (_, body) => {
    quiet();
    const { client } = clientWith([json(body)]);
    expect(await client.twoFactor({}, never)).toEqual({ ok: false, problem: { code: 'unavailable' } });
  });

  it('that two-factor is not required is one', async () => {
    const { client } = clientWith([json({ required: false })]);
    expect(await client.twoFactor({}, never)).toEqual({ ok: true, value: { required: false } });
  });

  it.each([
    ['no proof', { ...result, proof: undefined }],
    ['an empty proof', { ...result, proof: '' }],
    ['no end', { ...result, expiresIn: null }],
    ['no contact', { ...result, contact: undefined }],
  ])('to a check with %s is no success', async (_, body) => {
    quiet();
    const { client } = clientWith([json(body)]);
    const answer = await client.check({ challenge: 'sealed', code: '123456' }, key, never);
    expect(answer).toEqual({ ok: false, problem: { code: 'unavailable' } });
  });
});

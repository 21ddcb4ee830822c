/** Requests that another site's page sends (OWASP, Cross-Site Request Forgery Prevention; Fetch standard, CORS). */
import { describe, expect, it } from 'vitest';
import { createStack, ENDPOINT, ORIGIN, PHONE } from '../../../support/backend-stack.js';

const SHOP = 'https://www.partner.example';
const json = { 'content-type': 'application/json' };
const body = { to: PHONE };

describe('a page of another site', () => {
  it.each([
    ['cross-site, not listed', { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }],
    ['same-site, not listed', { 'sec-fetch-site': 'same-site', origin: 'https://blog.shop.example' }],
    ['cross-site without an origin', { 'sec-fetch-site': 'cross-site', origin: null }],
    ['origin null', { 'sec-fetch-site': 'cross-site', origin: 'null' }],
    ['origin null in an old browser', { 'sec-fetch-site': null, origin: 'null' }],
    ['an old browser', { 'sec-fetch-site': null, origin: 'https://evil.example' }],
    ['an origin that begins alike', { 'sec-fetch-site': null, origin: `${ORIGIN}.evil.example` }],
    ['an origin that ends alike', { 'sec-fetch-site': null, origin: 'https://evilshop.example' }],
    ['a listed origin on another port', { 'sec-fetch-site': 'cross-site', origin: `${SHOP}:8443` }],
    ['a listed origin without TLS', { 'sec-fetch-site': 'cross-site', origin: SHOP.replace('https', 'http') }],
    ['a listed origin in capitals', { 'sec-fetch-site': 'cross-site', origin: SHOP.toUpperCase() }],
    ['our own origin without TLS', { 'sec-fetch-site': null, origin: ORIGIN.replace('https', 'http') }],
    ['our own origin on another port', { 'sec-fetch-site': null, origin: `${ORIGIN}:8443` }],
    ['none, with a foreign origin', { 'sec-fetch-site': 'none', origin: 'https://evil.example' }],
  ])('%s is refused, before Twilio and without CORS', async (_, headers) => {
    const stack = await createStack({ origins: [SHOP] });
    const response = await stack.post('contact', body, headers);
    expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([403, 'forbidden-origin']);
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
    expect(stack.calls()).toEqual([]);
  });

  it('that is listed is answered without credentials, and identified by its bearer token alone', async () => {
    const stack = await createStack({ origins: [SHOP], anonymous: false });
    const from = { 'sec-fetch-site': 'cross-site', origin: SHOP };
    const withCookie = await stack.post('contact', body, { ...from, cookie: 'session=ada' });
    expect(withCookie.status).toBe(401);
    expect(withCookie.headers.get('access-control-allow-origin')).toBe(SHOP);
    const withBearer = await stack.post('contact', body, { ...from, authorization: 'Bearer ada' });
    expect(withBearer.status).toBe(201);
    expect(withBearer.headers.get('access-control-expose-headers')).toBe('Retry-After');
    expect(withBearer.headers.has('access-control-allow-credentials')).toBe(false);
    expect(withBearer.headers.get('vary')).toMatch(/Origin/);
  });

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/json, text/plain',
    'application/jsonp',
    'text/json',
    null,
  ])('cannot send a body of type %s without a preflight', async (type) => {
    const stack = await createStack();
    expect(
      (await stack.post('contact', body, { 'content-type': type, 'sec-fetch-site': null, origin: null })).status,
    ).toBe(400);
    expect(stack.calls()).toEqual([]);
  });
});

describe('our own page, or a client that is not a browser', () => {
  it.each([
    ['same-origin', { 'sec-fetch-site': 'same-origin' }],
    ['an old browser on our page', { 'sec-fetch-site': null }],
    ['a program', { 'sec-fetch-site': null, origin: null }],
  ])('%s is identified by its cookie', async (_, headers) => {
    const stack = await createStack({ anonymous: false });
    expect((await stack.post('contact', body, { ...headers, cookie: 'session=ada' })).status).toBe(201);
  });

  it('behind a proxy that terminates TLS our page is still our own', async () => {
    const stack = await createStack();
    const request = new Request('http://shop.example/verify/contact', {
      method: 'POST',
      headers: { ...json, origin: ORIGIN },
      body: JSON.stringify(body),
    });
    expect((await stack.handler(request)).status).toBe(201);
  });
});

describe('preflight', () => {
  const preflight = (origin: string) =>
    new Request(`${ENDPOINT}/check`, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type,idempotency-key',
      },
    });

  it('allows a listed page what the element sends', async () => {
    const { handler } = await createStack({ origins: [SHOP] });
    const { status, headers } = await handler(preflight(SHOP));
    expect(status).toBe(204);
    expect(headers.get('access-control-allow-origin')).toBe(SHOP);
    expect(headers.get('access-control-allow-headers')).toBe('content-type, authorization, idempotency-key');
    expect(headers.get('access-control-allow-methods')).toContain('POST');
    expect(headers.has('access-control-allow-credentials')).toBe(false);
    expect(headers.get('vary')).toMatch(/Access-Control-Request-Method/);
  });

  it.each(['https://evil.example', 'null', `${SHOP}.evil.example`])('allows %s nothing', async (origin) => {
    const { handler } = await createStack({ origins: [SHOP] });
    const { status, headers } = await handler(preflight(origin));
    expect(status).toBe(403);
    expect(headers.has('access-control-allow-origin')).toBe(false);
  });
});

it.each(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE'])('%s changes nothing', async (method) => {
  const stack = await createStack();
  for (const route of ['contact', 'two-factor', 'resend', 'delivery', 'check']) {
    const response = await stack.handler(
      new Request(`${ENDPOINT}/${route}?to=${PHONE}`, { method, headers: { cookie: 'session=ada' } }),
    );
    expect(response.status).toBe(method === 'OPTIONS' ? 204 : 405);
  }
  expect(stack.calls()).toEqual([]);
});

it.each(['*', 'https://shop.example/', 'shop.example', 'null', 'https://*.shop.example'])(
  'origins refuses %j when the backend is made',
  async (origin) => {
    await expect(createStack({ origins: [origin] })).rejects.toThrow(/exact origin/);
  },
);

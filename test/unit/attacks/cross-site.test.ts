/** A page of another site in the victim's browser sends nothing, changes nothing, and its cookies are ignored (OWASP, Cross-Site Request Forgery Prevention). */
import { describe, expect, it } from 'vitest';
import { createStack, ENDPOINT, ORIGIN, PHONE, type Stack } from '../../support/backend-stack.js';
import { recordAttack } from '../../support/attack-metrics.js';

const EVIL = 'https://evil.example';
const cookie = 'session=ada';
const json = JSON.stringify({ to: PHONE });
let tried = 0;
let accepted = 0;
let calls = 0;

async function refused(stack: Stack, path: string, init: RequestInit & { duplex?: 'half' }): Promise<Response> {
  const response = await stack.handler(new Request(`${ENDPOINT}/${path}`, init), { address: '198.51.100.7' });
  tried += 1;
  if (response.ok && init.method !== 'OPTIONS') accepted += 1;
  calls += stack.calls().length;
  expect(stack.calls()).toEqual([]);
  expect(await stack.accounts.contacts('ada')).toEqual({ twoFactorRequired: false });
  return response;
}

describe('a page of another site', () => {
  const forms: [string, string, string][] = [
    ['a form', 'application/x-www-form-urlencoded', `to=${encodeURIComponent(PHONE)}`],
    [
      'a form with files',
      'multipart/form-data; boundary=x',
      '--x\r\ncontent-disposition: form-data; name="to"\r\n\r\n+14155552671\r\n--x--',
    ],
    ['a form with JSON in text/plain', 'text/plain', json],
    ['sendBeacon with a text', 'text/plain;charset=UTF-8', json],
    ['no content type', '', json],
    ['a content type that begins like JSON', 'application/json-patch+json', json],
    ['two content types', 'text/plain, application/json', json],
    ['JSON after a semicolon', 'text/plain; application/json', json],
  ];
  it.each(forms)('%s sends nothing', async (_, type, body) => {
    const stack = await createStack({ anonymous: true });
    for (const path of ['contact', 'two-factor', 'resend', 'delivery', 'check']) {
      for (const site of ['cross-site', 'same-site', null]) {
        const headers = {
          cookie,
          origin: EVIL,
          ...(site === null ? {} : { 'sec-fetch-site': site }),
          ...(type === '' ? {} : { 'content-type': type }),
        };
        const request = new Request(`${ENDPOINT}/${path}`, {
          method: 'POST',
          headers,
          body: new TextEncoder().encode(body),
        });
        const response = await refused(stack, path, request);
        expect([400, 403]).toContain(response.status);
      }
      // Not even with an old browser that sends no such header.
      const bare = await refused(stack, path, {
        method: 'POST',
        headers: { cookie, ...(type === '' ? {} : { 'content-type': type }) },
        body: new TextEncoder().encode(body),
      });
      expect(bare.status).toBe(400);
    }
  });

  it('that uses fetch with the right content type is refused, including its preflight, and can read nothing', async () => {
    const stack = await createStack();
    for (const site of ['cross-site', 'same-site', 'none', null]) {
      const headers = {
        'content-type': 'application/json',
        cookie,
        origin: EVIL,
        ...(site === null ? {} : { 'sec-fetch-site': site }),
      };
      const response = await refused(stack, 'contact', { method: 'POST', headers, body: json });
      expect(response.status).toBe(403);
      expect([...response.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
    }
    const preflight = await refused(stack, 'contact', {
      method: 'OPTIONS',
      headers: { origin: EVIL, 'access-control-request-method': 'POST' },
    });
    expect(preflight.status).toBe(403);
    expect(preflight.headers.get('access-control-allow-origin')).toBeNull();
  });

  it('that only reads changes nothing: GET, HEAD and OPTIONS', async () => {
    const stack = await createStack();
    for (const method of ['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE', 'PATCH']) {
      for (const path of [
        'contact',
        'two-factor',
        'resend',
        'delivery',
        'check',
        `contact?to=${encodeURIComponent(PHONE)}`,
      ]) {
        const response = await refused(stack, path, {
          method,
          headers: { cookie, 'sec-fetch-site': 'cross-site', origin: EVIL },
        });
        expect(response.status).toBe(method === 'OPTIONS' ? 204 : 405);
      }
    }
  });

  const alike = [
    'https://shop.example.evil.example',
    'https://evilshop.example',
    'http://shop.example',
    'https://shop.example:8443',
    'https://SHOP.example',
    'https://shop.example.',
    'https://shop.example/',
    'https://shop.example@evil.example',
    'https://xn--shp-0na.example',
    'null',
    '',
    'shop.example',
    'https://partner.example.evil.example',
    'http://partner.example',
    'https://partner.example:444',
    'file://',
  ];
  it.each(alike)('with the origin %j is neither ours nor listed', async (origin) => {
    const stack = await createStack({ origins: ['https://partner.example'] });
    for (const site of ['cross-site', null]) {
      const headers = {
        'content-type': 'application/json',
        cookie,
        origin,
        ...(site === null ? {} : { 'sec-fetch-site': site }),
      };
      const response = await refused(stack, 'contact', { method: 'POST', headers, body: json });
      expect(response.status).toBe(403);
      expect(response.headers.get('access-control-allow-origin')).toBeNull();
    }
  });
});

describe('a listed page of another origin', () => {
  const from = {
    'content-type': 'application/json',
    origin: 'https://partner.example',
    'sec-fetch-site': 'cross-site',
  };

  it('has no identity by cookie, one by Authorization, and never credentials', async () => {
    const stack = await createStack({ origins: ['https://partner.example'], anonymous: false });
    const ask = (headers: Record<string, string>) =>
      stack.handler(
        new Request(`${ENDPOINT}/contact`, { method: 'POST', headers: { ...from, ...headers }, body: json }),
      );
    const byCookie = await ask({ cookie });
    expect(byCookie.status).toBe(401);
    expect(stack.calls()).toEqual([]);
    const byBearer = await ask({ authorization: 'Bearer bob', cookie });
    expect(byBearer.status).toBe(201);
    expect(byBearer.headers.get('access-control-allow-origin')).toBe('https://partner.example');
    expect(byBearer.headers.get('access-control-allow-credentials')).toBeNull();
    expect(byBearer.headers.get('vary')).toMatch(/Origin/);
    expect(byBearer.headers.get('cache-control')).toBe('no-store');
  });
});

it('all of these together: provider calls = 0', async () => {
  const stack = await createStack();
  const ours = await stack.handler(
    new Request(`${ENDPOINT}/contact`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: ORIGIN },
      body: json,
    }),
  );
  expect(ours.status).toBe(201);
  expect([accepted, calls]).toEqual([0, 0]);
  recordAttack({ attack: `${tried} cross-site requests`, budget: 0, accepted, calls });
});

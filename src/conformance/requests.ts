/** Rules for what is refused before anything is sent: malformed requests, other sites, and made-up tokens. */
import { submitCode, assert, post, expectProblem, type Rule } from './harness.js';
import { UNASSIGNED_NUMBER } from './reserved-contacts.js';

const wellFormed = 'Requests';
const crossSite = 'Other sites';
const otherSite = { origin: 'https://attacker.example', 'sec-fetch-site': 'cross-site' };

export const requestRules: Rule[] = [
  {
    group: wellFormed,
    name: 'an unknown field is refused on every route',
    async run(target) {
      await expectProblem(await post(target, 'contact', { to: UNASSIGNED_NUMBER, admin: true }), 'invalid-request');
      await expectProblem(await post(target, 'resend', { challenge: 'x', to: UNASSIGNED_NUMBER }), 'invalid-request');
      await expectProblem(await post(target, 'delivery', { challenge: 'x', to: UNASSIGNED_NUMBER }), 'invalid-request');
      const key = { 'idempotency-key': crypto.randomUUID() };
      const check = { challenge: 'x', code: '123456', to: UNASSIGNED_NUMBER };
      await expectProblem(await post(target, 'check', check, key), 'invalid-request');
    },
  },
  {
    group: wellFormed,
    name: 'a body without its fields, or that is not JSON, is refused',
    async run(target) {
      for (const body of ['{}', '{"to":7}', '{', '[]', '']) {
        await expectProblem(await post(target, 'contact', body), 'invalid-request');
      }
    },
  },
  {
    group: wellFormed,
    name: 'a body of another type, as a form of another site sends it, is refused',
    async run(target) {
      const plain = { 'content-type': 'text/plain' };
      await expectProblem(await post(target, 'contact', { to: UNASSIGNED_NUMBER }, plain), 'invalid-request');
    },
  },
  {
    group: wellFormed,
    name: 'a body that is far too large is refused',
    async run(target) {
      await expectProblem(await post(target, 'contact', { to: 'x'.repeat(300_000) }), 'too-large');
    },
  },
  {
    group: wellFormed,
    name: 'what is neither a number nor an e-mail address is an invalid contact',
    async run(target) {
      for (const to of ['hello', '+1415555', 'ada@', '12']) {
        await expectProblem(await post(target, 'contact', { to }), 'invalid-contact');
      }
    },
  },
  {
    group: wellFormed,
    name: 'a made-up challenge is invalid',
    async run(target) {
      await expectProblem(await post(target, 'resend', { challenge: 'made-up' }), 'invalid-challenge');
      await expectProblem(await post(target, 'delivery', { challenge: 'made-up' }), 'invalid-challenge');
      await expectProblem(await submitCode(target, 'made-up', '123456'), 'invalid-challenge');
    },
  },
  {
    group: wellFormed,
    name: 'a check needs an idempotency key in the documented format',
    async run(target) {
      const body = { challenge: 'made-up', code: '123456' };
      await expectProblem(await post(target, 'check', body), 'invalid-request');
      await expectProblem(await post(target, 'check', body, { 'idempotency-key': 'short' }), 'invalid-request');
    },
  },
  {
    group: crossSite,
    name: 'a page of another site can neither start a verification nor read a response',
    async run(target) {
      for (const headers of [otherSite, { origin: 'null', 'sec-fetch-site': 'cross-site' }]) {
        const response = await post(target, 'contact', { to: UNASSIGNED_NUMBER }, headers);
        assert(response.headers.get('access-control-allow-origin') === null, 'the page may read the response');
        await expectProblem(response, 'forbidden-origin');
      }
    },
  },
  {
    group: crossSite,
    name: 'a preflight request of another site gets no permission',
    async run(target) {
      const headers = { ...otherSite, 'access-control-request-method': 'POST' };
      const request = new Request(`${target.endpoint}/check`, { method: 'OPTIONS', headers });
      const allowed = (await target.fetch(request)).headers.get('access-control-allow-origin');
      assert(allowed === null, `permission for ${allowed}`);
    },
  },
];

/** What is refused before anything is sent: requests of another form, of another site, and tokens of nobody. */
import { submitCode, assert, post, expectProblem, type Rule } from './harness.js';

const form = 'Requests';
const sites = 'Other sites';
/** A number that belongs to nobody (555-0100 to 555-0199 are for fiction): a backend that should refuse and does not, sends there. */
export const UNASSIGNED_NUMBER = '+14155550123';
const elsewhere = { origin: 'https://attacker.example', 'sec-fetch-site': 'cross-site' };

export const requests: Rule[] = [
  {
    group: form,
    name: 'an unknown field is refused, on every route',
    async run(target) {
      await expectProblem(await post(target, 'contact', { to: UNASSIGNED_NUMBER, admin: true }), 'invalid-request');
      await expectProblem(await post(target, 'resend', { challenge: 'x', to: UNASSIGNED_NUMBER }), 'invalid-request');
      const key = { 'idempotency-key': crypto.randomUUID() };
      const check = { challenge: 'x', code: '123456', to: UNASSIGNED_NUMBER };
      await expectProblem(await post(target, 'check', check, key), 'invalid-request');
    },
  },
  {
    group: form,
    name: 'a body without its fields, or that is no JSON, is refused',
    async run(target) {
      for (const body of ['{}', '{"to":7}', '{', '[]', '']) {
        await expectProblem(await post(target, 'contact', body), 'invalid-request');
      }
    },
  },
  {
    group: form,
    name: 'a body of another type is refused, as a form of another site would send it',
    async run(target) {
      const plain = { 'content-type': 'text/plain' };
      await expectProblem(await post(target, 'contact', { to: UNASSIGNED_NUMBER }, plain), 'invalid-request');
    },
  },
  {
    group: form,
    name: 'a body that is far too large is refused',
    async run(target) {
      await expectProblem(await post(target, 'contact', { to: 'x'.repeat(300_000) }), 'too-large');
    },
  },
  {
    group: form,
    name: 'what is no number and no address is an invalid contact',
    async run(target) {
      for (const to of ['hello', '+1415555', 'ada@', '12']) {
        await expectProblem(await post(target, 'contact', { to }), 'invalid-contact');
      }
    },
  },
  {
    group: form,
    name: 'a challenge that nobody gave is invalid',
    async run(target) {
      await expectProblem(await post(target, 'resend', { challenge: 'made-up' }), 'invalid-challenge');
      await expectProblem(await submitCode(target, 'made-up', '123456'), 'invalid-challenge');
    },
  },
  {
    group: form,
    name: 'a check needs an idempotency key of the documented form',
    async run(target) {
      const body = { challenge: 'made-up', code: '123456' };
      await expectProblem(await post(target, 'check', body), 'invalid-request');
      await expectProblem(await post(target, 'check', body, { 'idempotency-key': 'short' }), 'invalid-request');
    },
  },
  {
    group: sites,
    name: 'a page of another site starts nothing and reads nothing',
    async run(target) {
      for (const headers of [elsewhere, { origin: 'null', 'sec-fetch-site': 'cross-site' }]) {
        const response = await post(target, 'contact', { to: UNASSIGNED_NUMBER }, headers);
        assert(response.headers.get('access-control-allow-origin') === null, 'the page may read the answer');
        await expectProblem(response, 'forbidden-origin');
      }
    },
  },
  {
    group: sites,
    name: 'a preflight of another site gets no permission',
    async run(target) {
      const headers = { ...elsewhere, 'access-control-request-method': 'POST' };
      const request = new Request(`${target.endpoint}/check`, { method: 'OPTIONS', headers });
      const allowed = (await target.ask(request)).headers.get('access-control-allow-origin');
      assert(allowed === null, `the permission ${allowed}`);
    },
  },
];

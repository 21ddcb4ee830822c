/** Two-factor: who may ask for it, and that nobody says where the code goes. */
import { Challenge, CheckResult } from '../protocol/schemas.js';
import { claimsOf } from './codes.js';
import { UNASSIGNED_NUMBER } from './requests.js';
import { submitCode, assert, post, expectProblem, expectSuccess, type Rule } from './harness.js';

const group = 'Two-factor';

export const secondFactor: Rule[] = [
  {
    group,
    name: 'nobody signed in gets no second factor',
    async run(target) {
      await expectProblem(await post(target, 'two-factor', {}), 'unauthenticated');
    },
  },
  {
    group,
    name: 'two-factor takes no destination, by whatever name',
    async run(target) {
      const signedIn = (target as { user?: Record<string, string> }).user ?? {};
      for (const name of ['to', 'contact', 'phone', 'email', 'number', 'destination', 'country']) {
        await expectProblem(await post(target, 'two-factor', { [name]: UNASSIGNED_NUMBER }, signedIn), 'invalid-request');
      }
    },
  },
  {
    group,
    name: 'a session that owes a second factor verifies no other contact',
    needs: ['user'],
    async run(target) {
      await expectProblem(await post(target, 'contact', { to: UNASSIGNED_NUMBER }, target.user), 'two-factor-needed');
    },
  },
  {
    group,
    name: 'the code goes to the verified contact, which is shown masked, and proves the user',
    needs: ['user', 'outbox'],
    async run(target) {
      const before = await target.outbox();
      const asked = await post(target, 'two-factor', {}, target.user);
      const { challenge, purpose, to, methods } = await expectSuccess(asked, 201, Challenge);
      assert(purpose === 'two-factor', `the purpose ${purpose}`);
      const [message] = await target.outbox();
      assert((await target.outbox()).length === before.length + 1 && message !== undefined, 'not exactly one message');
      const whole = message.to.replace(/^\+/, '');
      for (const shown of [to, ...methods.map((one) => one.to)]) {
        assert(!shown.includes(whole) && !shown.replace(/\D/g, '').includes(whole), 'a destination in full');
      }
      await expectProblem(await submitCode(target, challenge, message.code), 'invalid-challenge', 'unauthenticated');
      const right = await submitCode(target, challenge, message.code, { headers: target.user });
      const { proof, contact } = await expectSuccess(right, 200, CheckResult);
      assert(contact === undefined, 'a contact in the answer');
      const claims = await claimsOf(target, proof);
      assert(claims.purpose === 'two-factor' && Boolean(claims.sub), 'a proof without its user or for another purpose');
    },
  },
];

/** Rules for two-factor: who may request a code, and that the request cannot name its destination. */
import { Challenge, CheckResult } from '../protocol/schemas.js';
import { readProof } from './verification.js';
import { UNASSIGNED_NUMBER } from './requests.js';
import { submitCode, assert, post, expectProblem, expectSuccess, type BackendUnderTest, type Rule } from './harness.js';

const group = 'Two-factor';

export const twoFactorRules: Rule[] = [
  {
    group,
    name: 'an anonymous user gets no second factor',
    async run(target) {
      await expectProblem(await post(target, 'two-factor', {}), 'unauthenticated');
    },
  },
  {
    group,
    name: 'two-factor accepts no destination under any name',
    async run(target) {
      const headers = (target as BackendUnderTest).user ?? {};
      for (const name of ['to', 'contact', 'phone', 'email', 'number', 'destination', 'country']) {
        await expectProblem(
          await post(target, 'two-factor', { [name]: UNASSIGNED_NUMBER }, headers),
          'invalid-request',
        );
      }
    },
  },
  {
    group,
    name: 'a session that still needs its second factor cannot verify another contact',
    needs: ['user'],
    async run(target) {
      await expectProblem(await post(target, 'contact', { to: UNASSIGNED_NUMBER }, target.user), 'two-factor-needed');
    },
  },
  {
    group,
    name: 'the code goes to the verified contact, shown masked, and the proof names the user',
    needs: ['user', 'outbox'],
    async run(target) {
      const before = await target.outbox();
      const response = await post(target, 'two-factor', {}, target.user);
      const { challenge, purpose, to, methods } = await expectSuccess(response, 201, Challenge);
      assert(purpose === 'two-factor', `purpose ${purpose}`);
      const [message] = await target.outbox();
      assert(
        (await target.outbox()).length === before.length + 1 && message !== undefined,
        'not exactly one new message',
      );
      const whole = message.to.replace(/^\+/, '');
      for (const shown of [to, ...methods.map((one) => one.to)]) {
        assert(!shown.includes(whole) && !shown.replace(/\D/g, '').includes(whole), 'a destination in full');
      }
      await expectProblem(await submitCode(target, challenge, message.code), 'invalid-challenge', 'unauthenticated');
      const right = await submitCode(target, challenge, message.code, { headers: target.user });
      const { proof, contact } = await expectSuccess(right, 200, CheckResult);
      assert(contact === undefined, 'a contact in the response');
      const claims = await readProof(target, proof);
      assert(claims.purpose === 'two-factor' && Boolean(claims.sub), 'a proof without its user or for another purpose');
    },
  },
];

/** Rules for two-factor: who may request a code, and that the request cannot name its destination. */
import { Challenge, CheckResult } from '../protocol/schemas.js';
import { readProof } from './verification.js';
import { submitCode, assert, post, expectProblem, expectSuccess, type Examination, type Rule } from './harness.js';
import { UNASSIGNED_NUMBER } from './reserved-contacts.js';

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
      // A backend that is wrong sends a code to the user: only the emulator may get it.
      const { outbox, user } = target as Examination;
      const headers = (outbox && user) ?? {};
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
      const [message, previous] = await target.outbox();
      const isNew = JSON.stringify(previous) === JSON.stringify(before[0]);
      assert(message !== undefined && isNew, 'not exactly one new message');
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

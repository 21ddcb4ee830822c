/** What Twilio Verify does, as a suite that runs against the emulator or Twilio itself. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Twilio } from 'twilio';
import { errorOf } from './emulator-client.js';

/** The account under test. Tests that need what it does not offer are skipped. */
export interface TwilioAccount {
  client: Twilio;
  /** A Verify service. */
  service: string;
  /** A number to send to. With the real Twilio it is always the same. */
  to(): string;
  /** Reads the delivered code. The real Twilio cannot do this. */
  codeOf?(to: string): string;
  /** Advances the clock. The real Twilio cannot do this either. */
  advance?(seconds: number): void;
  close?(): Promise<void>;
}

/** Describes the suite. `full` includes the tests that need the code, the clock or more than a few messages. */
export function describeVerify(name: string, open: () => Promise<TwilioAccount>, { full }: { full: boolean }): void {
  describe(`Verify of ${name}`, () => {
    let target: TwilioAccount;
    const verifications = () => target.client.verify.v2.services(target.service).verifications;
    const verification = (sid: string) => target.client.verify.v2.services(target.service).verifications(sid);
    const check = (params: { to?: string; verificationSid?: string; code?: string }) =>
      target.client.verify.v2.services(target.service).verificationChecks.create(params);
    const send = (to: string, channel = 'sms') => verifications().create({ to, channel });
    const codeOf = (to: string) => target.codeOf?.(to) ?? '';
    const wrong = (to: string) => (codeOf(to) === '000000' ? '000001' : '000000');
    const unsid = (prefix: string) => prefix + '0'.repeat(32);
    let to: string;

    beforeAll(async () => {
      target = await open();
    });
    afterAll(() => target.close?.());
    beforeEach(async () => {
      to = target.to();
      // Cancels the active verification of the number, if there is one.
      if (!full)
        await verification(to)
          .update({ status: 'canceled' })
          .catch(() => undefined);
    });

    it('a send returns a pending verification', async () => {
      const sent = await send(to);
      expect(sent).toMatchObject({ to, channel: 'sms', status: 'pending', valid: false, serviceSid: target.service });
      expect(sent.sid).toMatch(/^VE[0-9a-f]{32}$/);
      expect(sent.sendCodeAttempts).toHaveLength(1);
    });

    it('a second send returns the same verification and does not extend it', async () => {
      const first = await send(to);
      const second = await send(to);
      expect(second.sid).toBe(first.sid);
      expect(second.dateCreated).toEqual(first.dateCreated);
      expect(second.sendCodeAttempts).toHaveLength(2);
    });

    it('a verification is found by its sid and by its destination', async () => {
      const { sid } = await send(to);
      expect(await verification(sid).fetch()).toMatchObject({ sid, status: 'pending' });
      expect(await verification(to).fetch()).toMatchObject({ sid, status: 'pending' });
    });

    it('a wrong code is a result, not an error', async () => {
      const { sid } = await send(to);
      // No service here has codes of ten digits, so this one is wrong everywhere.
      expect(await check({ verificationSid: sid, code: '0000000000' })).toMatchObject({
        status: 'pending',
        valid: false,
      });
    });

    it('a canceled verification can be read but no longer checked', async () => {
      const { sid } = await send(to);
      expect(await verification(sid).update({ status: 'canceled' })).toMatchObject({
        status: 'canceled',
        valid: false,
      });
      expect(await verification(sid).fetch()).toMatchObject({ status: 'canceled' });
      expect(await errorOf(check({ verificationSid: sid, code: '123456' }))).toMatchObject({
        status: 404,
        code: 20404,
      });
    });

    it('an unknown verification is not found, and the message names the path', async () => {
      const missing = await errorOf(check({ verificationSid: unsid('VE'), code: '123456' }));
      const path = `/v2/Services/${target.service}/VerificationCheck`;
      const message = `The requested resource ${path} was not found`;
      expect(missing).toMatchObject({ status: 404, code: 20404, message });
      expect(missing).toMatchObject({ moreInfo: 'https://www.twilio.com/docs/errors/20404' });
    });

    it('an unknown service is not found', async () => {
      const elsewhere = target.client.verify.v2.services(unsid('VA')).verifications;
      expect(await errorOf(elsewhere.create({ to, channel: 'sms' }))).toMatchObject({ status: 404, code: 20404 });
    });

    it('an unknown channel, an invalid number and a check without a verification are refused', async () => {
      const channel = await errorOf(send(to, 'pigeon'));
      expect(channel).toMatchObject({ status: 400, code: 60200, message: 'Invalid parameter: Channel' });
      const number = await errorOf(send('+12'));
      expect(number).toMatchObject({ status: 400, code: 60200, message: 'Invalid parameter `To`: +12' });
      expect(await errorOf(check({ code: '123456' }))).toMatchObject({ status: 400, code: 60221 });
    });

    it('a code of the wrong length is refused', async () => {
      const { sid } = await send(to);
      const short = await errorOf(check({ verificationSid: sid, code: '123' }));
      expect(short).toMatchObject({ status: 400, code: 60200, message: 'Invalid parameter: Code' });
    });

    it('an unknown language is refused', async () => {
      const refused = await errorOf(verifications().create({ to, channel: 'sms', locale: 'tlh' }));
      expect(refused).toMatchObject({ status: 400, code: 60200, message: 'Invalid parameter: Locale' });
    });

    it.runIf(full)('the right code approves the verification, which is then no longer found', async () => {
      const { sid } = await send(to);
      const code = codeOf(to);
      expect(await check({ verificationSid: sid, code })).toMatchObject({ sid, to, status: 'approved', valid: true });
      expect(await errorOf(check({ verificationSid: sid, code }))).toMatchObject({ status: 404, code: 20404 });
      expect(await errorOf(verification(sid).fetch())).toMatchObject({ status: 404, code: 20404 });
    });

    it.runIf(full)('after five wrong codes the right one is refused until the verification expires', async () => {
      const { sid } = await send(to);
      for (let time = 1; time <= 5; time += 1) {
        expect(await check({ verificationSid: sid, code: wrong(to) })).toMatchObject({
          status: 'pending',
          valid: false,
        });
      }
      expect(await verification(sid).fetch()).toMatchObject({ status: 'max_attempts_reached', valid: false });
      const refused = { status: 429, code: 60202, message: 'Max check attempts reached' };
      expect(await errorOf(check({ verificationSid: sid, code: codeOf(to) }))).toMatchObject(refused);
      expect(await errorOf(send(to))).toMatchObject({ status: 429, code: 60202 });
      target.advance?.(600);
      expect(await errorOf(check({ verificationSid: sid, code: codeOf(to) }))).toMatchObject({ status: 404 });
      expect((await send(to)).sid).not.toBe(sid);
    });

    it.runIf(full)('the right code is accepted at the fifth attempt', async () => {
      const { sid } = await send(to);
      for (let time = 1; time <= 4; time += 1) await check({ verificationSid: sid, code: wrong(to) });
      expect(await check({ verificationSid: sid, code: codeOf(to) })).toMatchObject({ status: 'approved' });
    });

    it.runIf(full)('five sends are allowed on any channels, and a sixth is refused', async () => {
      const { sid } = await send(to);
      const code = codeOf(to);
      for (const channel of ['call', 'whatsapp', 'sms', 'sms']) {
        expect(await send(to, channel)).toMatchObject({ sid, channel });
        expect(codeOf(to)).toBe(code);
      }
      const refused = { status: 429, code: 60203, message: 'Max send attempts reached' };
      expect(await errorOf(send(to))).toMatchObject(refused);
      expect((await verification(sid).fetch()).sendCodeAttempts).toHaveLength(5);
    });

    it.runIf(full)('after canceling, the next send starts a new verification with five sends', async () => {
      const { sid } = await send(to);
      for (let time = 2; time <= 5; time += 1) await send(to);
      await verification(sid).update({ status: 'canceled' });
      const next = await send(to);
      expect(next.sid).not.toBe(sid);
      expect(next.sendCodeAttempts).toHaveLength(1);
    });

    it.runIf(full)('a resend does not extend a verification', async () => {
      const { sid } = await send(to);
      target.advance?.(590);
      expect((await send(to)).sid).toBe(sid);
      target.advance?.(9);
      expect(await verification(sid).fetch()).toMatchObject({ status: 'pending' });
      target.advance?.(1);
      const code = codeOf(to);
      expect(await errorOf(check({ verificationSid: sid, code }))).toMatchObject({ status: 404, code: 20404 });
      expect((await send(to)).sid).not.toBe(sid);
    });

    it.runIf(full)('the application may approve a verification itself', async () => {
      const { sid } = await send(to);
      expect(await verification(sid).update({ status: 'approved' })).toMatchObject({ status: 'approved', valid: true });
      expect(await errorOf(verification(sid).fetch())).toMatchObject({ status: 404 });
    });

    it.runIf(full)('Attempts show afterwards whether a code was right', async () => {
      const right = await send(to);
      await send(to);
      await check({ verificationSid: right.sid, code: codeOf(to) });
      const other = await send(to);
      const attempts = target.client.verify.v2.verificationAttempts;
      const converted = await attempts.list({ verificationSid: right.sid, status: 'converted' });
      expect(converted).toHaveLength(1);
      expect(converted[0]).toMatchObject({ channel: 'sms', channelData: { to, status: 'confirmed' } });
      expect(await attempts.list({ verificationSid: other.sid, status: 'converted' })).toEqual([]);
      expect(await attempts.list({ 'channelData.to': to, verifyServiceSid: target.service })).toHaveLength(3);
      const one = await attempts(converted[0]?.sid ?? '').fetch();
      expect(one).toMatchObject({ verificationSid: right.sid, conversionStatus: 'converted' });
    });
  });
}

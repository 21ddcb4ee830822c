/** What Twilio Verify does, as a suite that runs against anything that claims to be it: the emulator, or Twilio itself. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Twilio } from 'twilio';
import { refusal } from './emulator-client.js';

/** An account to ask. What it cannot offer leaves out the tests that need it. */
export interface Target {
  client: Twilio;
  /** A Verify service. */
  service: string;
  /** A number that may be sent to; the real Twilio has only one. */
  to(): string;
  /** Reads the code that was delivered. The real Twilio has no such thing. */
  codeOf?(to: string): string;
  /** Turns the clock. Neither has it this. */
  advance?(seconds: number): void;
  close?(): Promise<void>;
}

/** `full` also walks what needs the code, the clock or more than a handful of messages. */
export function conformance(name: string, open: () => Promise<Target>, { full }: { full: boolean }): void {
  describe(`Verify as ${name} plays it`, () => {
    let target: Target;
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
      // A number with a history starts anew; one without has nothing to cancel.
      if (!full)
        await verification(to)
          .update({ status: 'canceled' })
          .catch(() => undefined);
    });

    it('a send answers with a pending verification', async () => {
      const sent = await send(to);
      expect(sent).toMatchObject({ to, channel: 'sms', status: 'pending', valid: false, serviceSid: target.service });
      expect(sent.sid).toMatch(/^VE[0-9a-f]{32}$/);
      expect(sent.sendCodeAttempts).toHaveLength(1);
    });

    it('a second send gives the same verification and keeps its age', async () => {
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

    it('a wrong code is an answer, not an error', async () => {
      const { sid } = await send(to);
      // Ten digits: no service here makes codes of that length, so it is wrong wherever this runs.
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
      expect(await refusal(check({ verificationSid: sid, code: '123456' }))).toMatchObject({
        status: 404,
        code: 20404,
      });
    });

    it('a verification nobody began is not found, and the message names the path', async () => {
      const missing = await refusal(check({ verificationSid: unsid('VE'), code: '123456' }));
      const path = `/v2/Services/${target.service}/VerificationCheck`;
      const message = `The requested resource ${path} was not found`;
      expect(missing).toMatchObject({ status: 404, code: 20404, message });
      expect(missing).toMatchObject({ moreInfo: 'https://www.twilio.com/docs/errors/20404' });
    });

    it('an unknown service is not found', async () => {
      const elsewhere = target.client.verify.v2.services(unsid('VA')).verifications;
      expect(await refusal(elsewhere.create({ to, channel: 'sms' }))).toMatchObject({ status: 404, code: 20404 });
    });

    it('an unknown channel, a number that is none and a check of nobody are refused', async () => {
      const channel = await refusal(send(to, 'pigeon'));
      expect(channel).toMatchObject({ status: 400, code: 60200, message: 'Invalid parameter: Channel' });
      const number = await refusal(send('+12'));
      expect(number).toMatchObject({ status: 400, code: 60200, message: 'Invalid parameter `To`: +12' });
      expect(await refusal(check({ code: '123456' }))).toMatchObject({ status: 400, code: 60221 });
    });

    it('a code of the wrong length is refused', async () => {
      const { sid } = await send(to);
      const short = await refusal(check({ verificationSid: sid, code: '123' }));
      expect(short).toMatchObject({ status: 400, code: 60200, message: 'Invalid parameter: Code' });
    });

    it('an unknown language is refused', async () => {
      const refused = await refusal(verifications().create({ to, channel: 'sms', locale: 'tlh' }));
      expect(refused).toMatchObject({ status: 400, code: 60200, message: 'Invalid parameter: Locale' });
    });

    it.runIf(full)('the right code approves, and then the verification is gone', async () => {
      const { sid } = await send(to);
      const code = codeOf(to);
      expect(await check({ verificationSid: sid, code })).toMatchObject({ sid, to, status: 'approved', valid: true });
      expect(await refusal(check({ verificationSid: sid, code }))).toMatchObject({ status: 404, code: 20404 });
      expect(await refusal(verification(sid).fetch())).toMatchObject({ status: 404, code: 20404 });
    });

    it.runIf(full)('five wrong codes close the door to the right one, until the verification expires', async () => {
      const { sid } = await send(to);
      for (let time = 1; time <= 5; time += 1) {
        expect(await check({ verificationSid: sid, code: wrong(to) })).toMatchObject({
          status: 'pending',
          valid: false,
        });
      }
      expect(await verification(sid).fetch()).toMatchObject({ status: 'max_attempts_reached', valid: false });
      const refused = { status: 429, code: 60202, message: 'Max check attempts reached' };
      expect(await refusal(check({ verificationSid: sid, code: codeOf(to) }))).toMatchObject(refused);
      expect(await refusal(send(to))).toMatchObject({ status: 429, code: 60202 });
      target.advance?.(600);
      expect(await refusal(check({ verificationSid: sid, code: codeOf(to) }))).toMatchObject({ status: 404 });
      expect((await send(to)).sid).not.toBe(sid);
    });

    it.runIf(full)('the fifth wrong code does not matter to somebody who was right at the fifth try', async () => {
      const { sid } = await send(to);
      for (let time = 1; time <= 4; time += 1) await check({ verificationSid: sid, code: wrong(to) });
      expect(await check({ verificationSid: sid, code: codeOf(to) })).toMatchObject({ status: 'approved' });
    });

    it.runIf(full)('five sends, whatever the channel, and not a sixth', async () => {
      const { sid } = await send(to);
      const code = codeOf(to);
      for (const channel of ['call', 'whatsapp', 'sms', 'sms']) {
        expect(await send(to, channel)).toMatchObject({ sid, channel });
        expect(codeOf(to)).toBe(code);
      }
      const refused = { status: 429, code: 60203, message: 'Max send attempts reached' };
      expect(await refusal(send(to))).toMatchObject(refused);
      expect((await verification(sid).fetch()).sendCodeAttempts).toHaveLength(5);
    });

    it.runIf(full)('canceling frees the sends, and the next code belongs to a new verification', async () => {
      const { sid } = await send(to);
      for (let time = 2; time <= 5; time += 1) await send(to);
      await verification(sid).update({ status: 'canceled' });
      const next = await send(to);
      expect(next.sid).not.toBe(sid);
      expect(next.sendCodeAttempts).toHaveLength(1);
    });

    it.runIf(full)('a resend does not lengthen the life of a verification', async () => {
      const { sid } = await send(to);
      target.advance?.(590);
      expect((await send(to)).sid).toBe(sid);
      target.advance?.(9);
      expect(await verification(sid).fetch()).toMatchObject({ status: 'pending' });
      target.advance?.(1);
      const code = codeOf(to);
      expect(await refusal(check({ verificationSid: sid, code }))).toMatchObject({ status: 404, code: 20404 });
      expect((await send(to)).sid).not.toBe(sid);
    });

    it.runIf(full)('the application may approve by itself', async () => {
      const { sid } = await send(to);
      expect(await verification(sid).update({ status: 'approved' })).toMatchObject({ status: 'approved', valid: true });
      expect(await refusal(verification(sid).fetch())).toMatchObject({ status: 404 });
    });

    it.runIf(full)('attempts tell afterwards whether a code was right', async () => {
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

/** What Twilio Verify does with authenticator apps, as a suite that runs against the emulator or Twilio itself. */
import { createHmac, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errorOf } from './emulator-client.js';
import type { TwilioAccount } from './twilio-conformance.js';

/** The code of RFC 6238 with its usual settings, made without the emulator's own code. */
function codeOf(secret: string, at = Date.now()): string {
  const bits = [...secret].map((digit) =>
    'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(digit).toString(2).padStart(5, '0'),
  );
  const bytes = bits.join('').match(/.{8}/g) ?? [];
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(at / 30_000)));
  const key = Buffer.from(bytes.map((byte) => parseInt(byte, 2)));
  const mac = createHmac('sha1', key).update(counter).digest();
  const number = mac.readUInt32BE((mac.at(-1) ?? 0) & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, '0');
}

/** No app here shows codes of eight digits. */
const wrong = '00000000';

/** Describes the suite. It sends nothing, and leaves nothing behind. Twilio charges for one right code. */
export function describeFactors(name: string, open: () => Promise<TwilioAccount>): void {
  describe(`Authenticator apps of ${name}`, () => {
    let target: TwilioAccount;
    const identity = randomUUID();
    const entity = () => target.client.verify.v2.services(target.service).entities(identity);
    const settings = { 'config.alg': 'sha1', 'config.codeLength': 6, 'config.skew': 1, 'config.timeStep': 30 } as const;
    const create = () => entity().newFactors.create({ friendlyName: 'app', factorType: 'totp', ...settings });
    const secretOf = (factor: { binding: unknown }) => (factor.binding as { secret: string }).secret;

    beforeAll(async () => {
      target = await open();
    });
    afterAll(() => target.close?.());

    it('a factor has a secret and a link for the app, and is not verified', async () => {
      const factor = await create();
      expect(factor).toMatchObject({ identity, status: 'unverified', factorType: 'totp' });
      expect(secretOf(factor)).toMatch(/^[A-Z2-7]{16,}$/);
      const { uri } = factor.binding as { uri: string };
      expect(uri).toMatch(/^otpauth:\/\/totp\/[^?]+:app\?/);
      expect(Object.fromEntries(new URL(uri).searchParams)).toMatchObject({
        secret: secretOf(factor),
        algorithm: 'SHA1',
        digits: '6',
        period: '30',
      });
      expect(JSON.stringify(await entity().factors(factor.sid).fetch())).not.toContain(secretOf(factor));
      const early = entity().challenges.create({ factorSid: factor.sid, authPayload: codeOf(secretOf(factor)) });
      expect(await errorOf(early)).toMatchObject({ status: 403, code: 60318 });
      expect(await entity().factors(factor.sid).remove()).toBe(true);
      expect(await errorOf(entity().factors(factor.sid).fetch())).toMatchObject({ status: 404 });
    });

    it('a wrong code is a result and no error, a right one verifies the factor and approves a challenge', async () => {
      const factor = await create();
      const confirm = (authPayload: string) => entity().factors(factor.sid).update({ authPayload });
      const ask = (authPayload: string) => entity().challenges.create({ factorSid: factor.sid, authPayload });
      expect(await confirm(wrong)).toMatchObject({ status: 'unverified' });
      expect(await confirm(codeOf(secretOf(factor)))).toMatchObject({ status: 'verified' });
      expect(await ask(wrong)).toMatchObject({ status: 'pending', factorSid: factor.sid });
      // The next code, which the skew allows: Twilio may take each only once.
      const approved = await ask(codeOf(secretOf(factor), Date.now() + 30_000));
      expect(approved).toMatchObject({ status: 'approved', factorType: 'totp' });
      const again = entity().challenges(approved.sid).update({ authPayload: wrong });
      expect(await errorOf(again)).toMatchObject({ status: 403, code: 60322 });
    });

    it('an entity is deleted with its factors', async () => {
      expect((await entity().factors.list()).map(({ status }) => status)).toEqual(['verified']);
      expect(await entity().remove()).toBe(true);
      expect(await errorOf(entity().fetch())).toMatchObject({ status: 404, code: 20404 });
    });
  });
}

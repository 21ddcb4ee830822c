/** Authenticator apps at the emulated Twilio, as the `twilio` package calls it: their codes, enrolled, deleted. */
import { describe, expect, it } from 'vitest';
import { createEmulator } from '../../../src/emulator/index.js';
import { identity, openPerson as open, wrong } from '../../support/authenticator-app.js';
import { sid } from '../../support/emulator-account.js';
import { errorOf } from '../../support/emulator-client.js';

/** The test vectors of RFC 6238, appendix B: the seed repeats these digits. */
const digits = '1234567890';
const times = [59, 1111111109, 1111111111, 1234567890, 2000000000, 20000000000];
const vectors = [
  ['sha1', 20, '94287082 07081804 14050471 89005924 69279037 65353130'],
  ['sha256', 32, '46119246 68084774 67062674 91819424 90698825 77737706'],
  ['sha512', 64, '90693936 25091201 99943326 93441116 38618901 47863826'],
] as const;

function base32(text: string): string {
  const bits = Array.from(new TextEncoder().encode(text), (byte) => byte.toString(2).padStart(8, '0')).join('');
  const groups = bits.match(/.{1,5}/g) ?? [];
  return groups.map((group) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.charAt(parseInt(group.padEnd(5, '0'), 2))).join('');
}

describe('the codes of an authenticator app', () => {
  it.each(vectors)('are those of RFC 6238 for %s', async (alg, length, codes) => {
    const secret = base32(digits.repeat(7).slice(0, length));
    for (const [index, time] of times.entries()) {
      const { create, confirm, emulator } = open({ now: () => time * 1000 });
      const config = { 'binding.secret': secret, 'config.alg': alg, 'config.codeLength': 8 };
      const { sid: factor } = await create(config);
      const expected = codes.split(' ')[index] ?? '';
      expect(await emulator.totp(identity)).toBe(expected);
      expect(await confirm(factor, expected)).toMatchObject({ status: 'verified', config: { alg, code_length: 8 } });
    }
  });

  it('turn with the emulator’s clock, and a skew decides how long the old ones are right', async () => {
    const { emulator, enrol, code, ask } = open();
    const { sid: factor } = await enrol();
    const first = await code();
    emulator.clock.advance(30);
    expect(await code()).not.toBe(first);
    expect(await ask(factor, first)).toMatchObject({ status: 'approved' });
    emulator.clock.advance(30);
    expect(await ask(factor, first)).toMatchObject({ status: 'pending' });
    const strict = open({}, { totp: { skew: 0 } });
    const other = await strict.enrol();
    const old = await strict.code();
    strict.emulator.clock.advance(30);
    expect(await strict.ask(other.sid, old)).toMatchObject({ status: 'pending' });
    expect(await strict.ask(other.sid, await strict.code())).toMatchObject({ status: 'approved' });
  });

  it('may come before their time, from a phone whose clock is fast', async () => {
    const { emulator, enrol, code, ask } = open();
    const { sid: factor } = await enrol();
    emulator.clock.advance(30);
    const next = await code();
    emulator.clock.advance(-30);
    expect(await ask(factor, next)).toMatchObject({ status: 'approved' });
  });

  it('are made at any time of the calendar, also where its steps have more than 32 bits', async () => {
    const codeAt = async (now: number) => {
      const { enrol, code } = open({ now: () => now });
      await enrol({ 'binding.secret': base32(digits.repeat(2)) });
      return code();
    };
    const codes = await Promise.all([0, -1, 2 ** 32 * 30_000].map(codeAt));
    // The first is a test vector of RFC 4226, appendix D.
    expect(codes[0]).toBe('755224');
    expect(new Set(codes).size).toBe(3);
  });

  it('are listed with the time at which they end, for the app of a demo', async () => {
    const { emulator, enrol, create } = open();
    const first = await enrol({ friendlyName: 'Phone' });
    const second = await create({ friendlyName: 'Tablet', 'config.timeStep': 60, 'config.codeLength': 4 });
    emulator.clock.advance(31);
    const [tablet, phone, ...others] = await emulator.factors.list({ identity });
    expect(others).toEqual([]);
    expect(tablet).toMatchObject({ sid: second.sid, friendlyName: 'Tablet', status: 'unverified' });
    expect(tablet).toMatchObject({ code: await emulator.totp(identity), codeExpiresAt: '2027-01-01T00:01:00.000Z' });
    expect(tablet?.code).toMatch(/^\d{4}$/);
    expect(phone).toMatchObject({ sid: first.sid, identity, serviceSid: sid, issuer: 'Verify Contact' });
    expect(phone).toMatchObject({ status: 'verified', codeExpiresAt: '2027-01-01T00:01:00.000Z', wrongCodes: 0 });
    expect(await emulator.factors.list({ limit: 1 })).toHaveLength(1);
    expect(await emulator.factors.list({ serviceSid: emulator.services.twoFactor })).toEqual([]);
    expect(await emulator.totp('somebody-else')).toBeUndefined();
    await expect(emulator.factors.list({ idenity: identity } as object)).rejects.toThrow('"identity"');
    // A question about nobody is a mistake: Twilio has no such identity.
    for (const nobody of ['ann', 'ann@example.org', ''])
      await expect(emulator.totp(nobody)).rejects.toThrow('identity must be 8 to 64 letters');
  });
});

describe('an authenticator app is enrolled', () => {
  it('with a secret that is shown once, and a link for the app', async () => {
    const { create, entity } = open({}, { totp: { issuer: 'Ann & Sons' } });
    const factor = await create({ friendlyName: 'ann’s phone' });
    expect(factor).toMatchObject({ identity, status: 'unverified', factorType: 'totp', options: null });
    expect(factor.sid).toMatch(/^YF[0-9a-f]{32}$/);
    expect(factor.config).toEqual({ alg: 'sha1', skew: 1, code_length: 6, time_step: 30 });
    const { secret, uri } = factor.binding as { secret: string; uri: string };
    expect(secret).toMatch(/^[A-Z2-7]{32}$/);
    const settings = `secret=${secret}&issuer=Ann%20%26%20Sons&algorithm=SHA1&digits=6&period=30`;
    expect(uri).toBe(`otpauth://totp/Ann%20%26%20Sons:ann%E2%80%99s%20phone?${settings}`);
    const again = await entity.factors(factor.sid).fetch();
    expect(JSON.stringify([again, await entity.factors.list()])).not.toContain(secret);
    expect(await entity.fetch()).toMatchObject({ identity, sid: factor.entitySid });
  });

  it('by the settings of the service, or by its own', async () => {
    const { client, create } = open();
    const service = client.verify.v2.services(sid);
    const changed = await service.update({ 'totp.timeStep': 60, 'totp.codeLength': 8, 'totp.skew': 2 });
    expect(changed.totp).toEqual({ issuer: null, time_step: 60, code_length: 8, skew: 2 });
    expect((await create()).config).toEqual({ alg: 'sha1', skew: 2, code_length: 8, time_step: 60 });
    const renamed = await service.update({ 'totp.issuer': 'Acme', 'totp.skew': 1 });
    expect(renamed.totp).toEqual({ issuer: 'Acme', time_step: 60, code_length: 8, skew: 1 });
    const own = await create({ 'config.alg': 'sha256', 'config.skew': 0, 'config.timeStep': 20 });
    expect(own.config).toEqual({ alg: 'sha256', skew: 0, code_length: 8, time_step: 20 });
    expect((own.binding as { uri: string }).uri).toContain('algorithm=SHA256&digits=8&period=20');
    const wrongs = [{ 'totp.timeStep': 61 }, { 'totp.codeLength': 9 }, { 'totp.skew': 3 }, { 'totp.skew': 0.5 }];
    for (const change of wrongs) expect(await errorOf(service.update(change))).toMatchObject({ code: 60200 });
  });

  it('only with a right code: five wrong ones lock it, and a new one starts afresh', async () => {
    const { create, confirm, ask, code, emulator } = open();
    const { sid: factor } = await create();
    expect(await errorOf(ask(factor, await code()))).toMatchObject({ code: 60318, status: 403 });
    for (let time = 1; time <= 5; time += 1)
      expect(await confirm(factor, wrong)).toMatchObject({ status: 'unverified' });
    const locked = { code: 60310, status: 429, message: 'Factor verification attempts reached' };
    expect(await errorOf(confirm(factor))).toMatchObject(locked);
    expect((await emulator.factors.list())[0]).toMatchObject({ status: 'unverified', wrongCodes: 5 });
    emulator.clock.advance(1);
    const { sid: second } = await create();
    for (let time = 1; time <= 4; time += 1) await confirm(second, wrong);
    expect(await confirm(second)).toMatchObject({ status: 'verified' });
  });

  it('in time: one that was never verified is deleted', async () => {
    const { create, confirm, enrol, entity, emulator } = open();
    const { sid: kept } = await enrol();
    const { sid: factor } = await create();
    emulator.clock.advance(86_399);
    expect(await entity.factors(factor).fetch()).toMatchObject({ status: 'unverified' });
    emulator.clock.advance(1);
    expect(await errorOf(confirm(factor))).toMatchObject({ code: 20404, status: 404 });
    expect((await entity.factors.list()).map((one) => one.sid)).toEqual([kept]);
  });

  it('a hundred times at most, and a hundred times a day', async () => {
    const { create, entity, emulator } = open();
    const first = await create();
    for (let number = 2; number <= 100; number += 1) await create();
    expect(await errorOf(create())).toMatchObject({ code: 60315, status: 400 });
    await entity.factors(first.sid).remove();
    expect(await errorOf(create())).toMatchObject({ code: 60326, status: 429 });
    emulator.clock.advance(86_400);
    expect(await create()).toMatchObject({ status: 'unverified' });
  });

  it('under a name and a configuration that can change', async () => {
    const { enrol, entity, emulator } = open();
    const { sid: factor } = await enrol();
    const changes = { friendlyName: 'Old phone', 'config.codeLength': 8, 'config.alg': 'sha512' } as const;
    expect(await entity.factors(factor).update(changes)).toMatchObject({
      friendlyName: 'Old phone',
      status: 'verified',
    });
    expect(await emulator.totp(identity)).toMatch(/^\d{8}$/);
  });
});

describe('what is deleted is gone', () => {
  it('a factor with its challenges', async () => {
    const { enrol, ask, entity, code } = open();
    const { sid: factor } = await enrol();
    const { sid: challenge } = await ask(factor);
    expect(await entity.factors(factor).remove()).toBe(true);
    expect(await errorOf(entity.factors(factor).fetch())).toMatchObject({ code: 20404 });
    expect(await errorOf(entity.factors(factor).remove())).toMatchObject({ code: 20404 });
    expect(await errorOf(entity.challenges(challenge).fetch())).toMatchObject({ code: 20404 });
    expect(await errorOf(ask(factor, await code()))).toMatchObject({ code: 20404 });
    expect(await entity.fetch()).toMatchObject({ identity });
  });

  it('an entity with all that it has, so that its name is free again', async () => {
    const { enrol, entity, client, create, emulator } = open();
    const { sid: factor } = await enrol();
    const entities = client.verify.v2.services(sid).entities;
    expect(await errorOf(entities.create({ identity }))).toMatchObject({ code: 60301, status: 409 });
    expect(await entity.remove()).toBe(true);
    expect(await errorOf(entity.fetch())).toMatchObject({ code: 20404 });
    expect(await errorOf(entity.remove())).toMatchObject({ code: 20404 });
    expect(await errorOf(entity.factors.list())).toMatchObject({ code: 20404 });
    expect(await emulator.totp(identity)).toBeUndefined();
    expect(await entities.create({ identity })).toMatchObject({ identity });
    expect((await create()).sid).not.toBe(factor);
    emulator.reset();
    expect(await entities.list()).toEqual([]);
  });

  it('and a service knows nobody of another', async () => {
    const { enrol, client, emulator } = open();
    const { sid: factor } = await enrol();
    const elsewhere = client.verify.v2.services(emulator.services.twoFactor).entities(identity);
    expect(await errorOf(elsewhere.fetch())).toMatchObject({ code: 20404 });
    expect(await errorOf(elsewhere.factors(factor).fetch())).toMatchObject({ code: 20404 });
  });
});

it('settings of authenticator apps are given to a service at its start, or to none', () => {
  const totp = { issuer: 'Acme', timeStep: 60, codeLength: 8, skew: 0 };
  const emulator = createEmulator({ services: [{ sid, totp }] });
  expect(emulator.listServices().find((one) => one.sid === sid)).toMatchObject({ totp });
  for (const wrongs of [{ timeStep: 19 }, { codeLength: 2 }, { skew: 3 }, { issuer: '' }, { digits: 6 }])
    expect(() => createEmulator({ services: [{ sid, totp: wrongs }] })).toThrow(TypeError);
});

/** The emulated Twilio asks for the code of an authenticator app, as the `twilio` package calls it: approved, wrong, late, too often. */
import { describe, expect, it } from 'vitest';
import { identity, openPerson as open, wrong } from '../../support/authenticator-app.js';
import { errorOf } from '../../support/emulator-client.js';

describe('a person with an authenticator app', () => {
  it('is approved at once by the right code', async () => {
    const { enrol, ask, code, entity } = open();
    const { sid: factorSid } = await enrol();
    const challenge = await ask(factorSid, await code());
    expect(challenge).toMatchObject({ status: 'approved', respondedReason: 'none', factorType: 'totp', identity });
    expect(challenge.dateResponded).toEqual(challenge.dateCreated);
    expect(await entity.challenges(challenge.sid).fetch()).toMatchObject({ status: 'approved', factorSid });
    const again = entity.challenges(challenge.sid).update({ authPayload: await code() });
    expect(await errorOf(again)).toMatchObject({ code: 60322, status: 403 });
  });

  it('has five tries a challenge, and the right code comes too late after them', async () => {
    const { enrol, ask, code, entity } = open();
    const { sid: factor } = await enrol();
    const { sid: challenge } = await ask(factor, wrong);
    const check = async (authPayload: string) => entity.challenges(challenge).update({ authPayload });
    for (let time = 2; time <= 5; time += 1) expect(await check(wrong)).toMatchObject({ status: 'pending' });
    const locked = { code: 60308, status: 429, message: 'Challenge verification attempts limit reached' };
    expect(await errorOf(check(await code()))).toMatchObject(locked);
    const { sid: other } = await ask(factor);
    for (let time = 1; time <= 4; time += 1) await entity.challenges(other).update({ authPayload: wrong });
    expect(await entity.challenges(other).update({ authPayload: await code() })).toMatchObject({ status: 'approved' });
  });

  it('has five minutes, or as long as the application says, an hour at most', async () => {
    const { enrol, ask, code, entity, emulator } = open();
    const { sid: factorSid } = await enrol();
    const { sid: short } = await ask(factorSid);
    const until = (minutes: number) => new Date(emulator.clock.now() + minutes * 60_000);
    const { sid: long } = await entity.challenges.create({ factorSid, expirationDate: until(60) });
    for (const minutes of [61, 0, -1]) {
      const late = entity.challenges.create({ factorSid, expirationDate: until(minutes) });
      expect(await errorOf(late)).toMatchObject({ code: 60306, message: 'Invalid parameter: ExpirationDate' });
    }
    emulator.clock.advance(300);
    const check = async (one: string) => entity.challenges(one).update({ authPayload: await code() });
    expect(await entity.challenges(short).fetch()).toMatchObject({ status: 'expired' });
    expect(await errorOf(check(short))).toMatchObject({ code: 60323, status: 403 });
    expect(await check(long)).toMatchObject({ status: 'approved' });
  });

  it.each([
    [4, [[10, 0]], 86_400],
    [
      5,
      [
        [50, 0],
        [50, 3600],
      ],
      82_800,
    ],
  ] as const)('with codes of %i digits has only so many challenges', async (codeLength, bursts, wait) => {
    const { enrol, ask, emulator } = open({}, { totp: { codeLength } });
    const { sid: factor } = await enrol();
    const tooMany = { code: 60312, status: 429, message: 'Challenge creation limit reached' };
    for (const [count, pause] of bursts) {
      emulator.clock.advance(pause);
      for (let number = 1; number <= count; number += 1) await ask(factor);
      expect(await errorOf(ask(factor))).toMatchObject(tooMany);
    }
    emulator.clock.advance(3600);
    expect(await errorOf(ask(factor))).toMatchObject(tooMany);
    emulator.clock.advance(wait - 3600);
    expect(await ask(factor)).toMatchObject({ status: 'pending' });
  });

  it('cannot have one right code counted in two challenges at once, if Twilio takes each code once', async () => {
    const { enrol, ask, code, emulator } = open({ assume: { repeatedTotpCode: 'refuse' } });
    const { sid: factor } = await enrol();
    emulator.clock.advance(60);
    const now = await code();
    const answers = await Promise.all([ask(factor, now), ask(factor, now)]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual(['approved', 'pending']);
  });

  it('has challenges that are listed by factor, state and age', async () => {
    const { enrol, ask, code, entity, emulator } = open();
    const [one, other] = [await enrol(), await enrol()];
    const first = await ask(one.sid);
    const second = await ask(other.sid, await code());
    const sids = async (filter: object) => (await entity.challenges.list(filter)).map((each) => each.sid);
    expect(await sids({})).toEqual([first.sid, second.sid]);
    expect(await sids({ order: 'desc' })).toEqual([second.sid, first.sid]);
    expect(await sids({ factorSid: one.sid })).toEqual([first.sid]);
    expect(await sids({ status: 'approved' })).toEqual([second.sid]);
    emulator.clock.advance(300);
    expect(await sids({ status: 'expired' })).toEqual([first.sid]);
    emulator.clock.advance(86_400);
    expect(await sids({})).toEqual([]);
  });
});

/** What has to wait in the flow, and for how long: a check, another message, a start. */
import { describe, expect, it } from 'vitest';
import { atCode, atTwoFactorCode, challenge, entryA, openTwoFactor, shown } from '../../support/flow-fixtures.js';

describe('after a wrong code', () => {
  it('a check waits, and another message with it; once the person types, only the wait is left', async () => {
    const { flow, client, clock } = await atCode();
    clock.advance(60);
    expect(flow.resendIn).toBe(0);
    flow.submit('000000');
    await client.last.fail({ code: 'wrong-code', attemptsLeft: 1, retryIn: 30 });
    expect([flow.checkIn, flow.retryIn, flow.resendIn]).toEqual([30, 30, 30]);
    flow.resend();
    expect(client.calls).toHaveLength(2);
    flow.edit();
    expect(shown(flow)).toBe('code');
    expect([flow.checkIn, flow.retryIn]).toEqual([30, 30]);
    clock.advance(31);
    expect([flow.checkIn, flow.retryIn, flow.resendIn]).toEqual([0, 0, 0]);
  });

  it('each second of the wait is shown', async () => {
    const { flow, client, clock, host } = await atCode();
    clock.advance(60);
    flow.submit('000000');
    await client.last.fail({ code: 'wrong-code', attemptsLeft: 1, retryIn: 5 });
    const before = host.updates;
    clock.advance(5);
    expect(host.updates - before).toBeGreaterThanOrEqual(5);
  });

  it('that was the last one, a new code is sent from the same step once it can be checked', async () => {
    const { flow, client, clock } = await atCode();
    clock.advance(60);
    flow.submit('000000');
    await client.last.fail({ code: 'wrong-code', attemptsLeft: 0, retryIn: 60 });
    expect(shown(flow)).toBe('code: too-many-attempts');
    expect([flow.expiresIn, flow.resendIn, flow.retryIn]).toEqual([0, 60, 60]);
    clock.advance(60);
    expect(flow.retryIn).toBe(0);
    flow.send();
    expect(client.last).toMatchObject({ path: 'contact', body: { to: entryA.text, channel: 'sms' } });
    await client.last.respond(challenge({ challenge: 'sealed-B' }));
    expect(shown(flow)).toBe('code');
    expect(flow.checkIn).toBe(0);
  });
});

describe('once a code has expired', () => {
  it('another one waits as long as a message has to', async () => {
    const { flow, client, clock } = await atCode();
    clock.advance(590);
    flow.resend();
    await client.last.fail({ code: 'too-many-sends', retryIn: 300 });
    expect([flow.retryIn, flow.checkIn]).toEqual([300, 0]);
    clock.advance(10);
    expect(shown(flow)).toBe('code: code-expired');
    expect(flow.retryIn).toBe(290);
  });
});

describe('a verified contact', () => {
  it('can be changed: the proof is gone, and the contact is in the field', async () => {
    const { flow, client } = await atCode();
    flow.submit('123456');
    await client.last.respond({
      proof: 'a.b.c',
      expiresIn: 60,
      purpose: 'contact',
      contact: { type: 'phone', value: '+1' },
    });
    expect(flow.step.name).toBe('verified');
    flow.changeContact();
    expect(flow.step).toMatchObject({ name: 'contact', entry: entryA, back: null });
  });

  it('of two-factor is not for the page to change', async () => {
    const { flow, client } = await atTwoFactorCode(openTwoFactor());
    flow.submit('123456');
    await client.last.respond({ proof: 'a.b.c', expiresIn: 60, purpose: 'two-factor' });
    flow.changeContact();
    expect(flow.step.name).toBe('verified');
  });
});

/** Countdowns and what happens when they end: to the second, after sleep, and when the clock is changed. */
import { describe, expect, it } from 'vitest';
import { atCode, challenge, entryA, result, shown } from '../../support/flow-fixtures.js';

describe('the code', () => {
  it('counts down in whole seconds, and shows at the exact end that it has expired', async () => {
    const { flow, clock, host } = await atCode();
    expect([flow.expiresIn, flow.resendIn]).toEqual([600, 30]);
    const before = host.updates;
    clock.advance(1);
    expect([flow.expiresIn, flow.resendIn, host.updates - before]).toEqual([599, 29, 1]);
    clock.advance(598.999);
    expect(shown(flow)).toBe('code');
    clock.advance(0.001);
    expect(shown(flow)).toBe('code: code-expired');
    expect(clock.pending).toBe(0);
  });

  it('has expired after the tab slept, even if its timers did not run', async () => {
    const { flow, clock, client } = await atCode();
    clock.jump(3600);
    expect(flow.expiresIn).toBe(0);
    flow.submit('123456');
    expect(shown(flow)).toBe('code: code-expired');
    expect(client.calls).toHaveLength(1);
  });

  it('that has expired is sent again to the same number in one click', async () => {
    const { flow, clock, client } = await atCode();
    clock.advance(600);
    flow.send();
    expect(client.last).toMatchObject({ path: 'contact', body: { to: entryA.text, country: 'US', channel: 'sms' } });
    await client.last.respond(challenge({ challenge: 'sealed-A2' }));
    expect(shown(flow)).toBe('code');
    expect(flow.expiresIn).toBe(600);
  });

  it('has expired when the backend says so', async () => {
    const { flow, client } = await atCode();
    flow.submit('123456');
    await client.last.fail({ code: 'code-expired' });
    expect(shown(flow)).toBe('code: code-expired');
    expect(flow.expiresIn).toBe(0);
  });

  it('shows that it has expired instead of a wrong code when both are true', async () => {
    const { flow, client, clock } = await atCode();
    clock.advance(599);
    flow.submit('123456');
    clock.advance(2);
    expect(shown(flow)).toBe('checking');
    await client.last.fail({ code: 'wrong-code', attemptsLeft: 4 });
    expect(shown(flow)).toBe('code: code-expired');
  });

  it('does not live longer when the clock is set back', async () => {
    const { flow, clock } = await atCode();
    clock.advance(10);
    clock.jump(-3600);
    expect(flow.resendIn).toBe(20);
    clock.advance(20);
    expect(flow.resendIn).toBe(0);
    expect(flow.expiresIn).toBe(570);
  });
});

describe('a proof', () => {
  it('that expires leaves the contact, and the problem is shown, at its exact end', async () => {
    const { flow, client, clock, host } = await atCode();
    flow.submit('123456');
    await client.last.respond(result);
    const before = host.updates;
    clock.advance(1799);
    expect(shown(flow)).toBe('verified');
    expect(host.updates - before).toBeLessThan(100);
    clock.advance(1);
    expect(flow.step).toEqual({ name: 'contact', entry: entryA, back: null, problem: { code: 'proof-expired' } });
  });

  it('expires soon after a long sleep', async () => {
    const { flow, client, clock } = await atCode();
    flow.submit('123456');
    await client.last.respond(result);
    clock.jump(7200);
    clock.advance(30);
    expect(shown(flow)).toBe('contact: proof-expired');
  });

  it('of many days does not expire at once, as a timer of that length would', async () => {
    const { flow, client, clock } = await atCode();
    flow.submit('123456');
    await client.last.respond({ ...result, expiresIn: 90 * 86_400 });
    clock.advance(60);
    expect(shown(flow)).toBe('verified');
  });
});

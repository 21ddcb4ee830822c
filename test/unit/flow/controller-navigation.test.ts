/** The flow controller: navigation between codes, by Change number, Go back, Resend and another channel. */
import { describe, expect, it } from 'vitest';
import {
  atCode,
  atTwoFactorCode,
  byEmail,
  byPhone,
  challenge,
  entryA,
  entryB,
  openFlow,
  openTwoFactor,
  shown,
} from '../../support/flow-fixtures.js';

describe('Change number and Go back', () => {
  it('return to the code that was sent, without another request', async () => {
    const { flow, client } = await atCode();
    flow.changeContact();
    expect(flow.step).toMatchObject({ name: 'contact', entry: entryA });
    flow.edit(entryB);
    flow.goBack();
    expect(flow.step).toMatchObject({ name: 'code', sent: { challenge: { challenge: 'sealed-A' }, entry: entryA } });
    expect(client.calls).toHaveLength(1);
    flow.submit('123456');
    expect(client.last.body).toEqual({ challenge: 'sealed-A', code: '123456' });
  });

  it('still open the code step when its code has expired, which shows that and sends again in one click', async () => {
    const { flow, client, clock, changes } = await atCode();
    flow.changeContact();
    clock.advance(700);
    changes.length = 0;
    flow.goBack();
    expect(changes).toEqual(['contact → code', 'code → code: code-expired']);
    flow.send();
    expect(client.last).toMatchObject({ path: 'contact', body: { to: entryA.text } });
  });

  it('leave no countdown running in the contact step', async () => {
    const { flow, clock } = await atCode();
    flow.changeContact();
    expect(clock.pending).toBe(0);
  });
});

describe('Resend', () => {
  it('is not sent within the wait, and once after it', async () => {
    const { flow, client, clock } = await atCode();
    flow.resend();
    flow.resend('call');
    expect(client.calls).toHaveLength(1);
    clock.advance(30);
    flow.resend();
    flow.resend();
    expect(client.calls).toHaveLength(2);
    expect(client.last).toMatchObject({ path: 'resend', body: { challenge: 'sealed-A', channel: 'sms' } });
    await client.last.respond(challenge({ expiresIn: 570, resendIn: 40 }));
    expect([flow.expiresIn, flow.resendIn]).toEqual([570, 40]);
    expect(flow.step).toMatchObject({ name: 'code', sent: { entry: entryA } });
  });

  it('waits for as long as the backend says', async () => {
    const { flow, client, clock } = await atCode();
    clock.advance(30);
    flow.resend();
    await client.last.fail({ code: 'resend-too-soon', retryIn: 60 });
    expect([flow.resendIn, flow.retryIn]).toEqual([60, 60]);
    flow.resend();
    expect(client.calls).toHaveLength(2);
  });

  it('passes on the `extra` of the page', async () => {
    const { flow, client, clock } = await atCode(openFlow({ extra: { captcha: 'solved' } }));
    clock.advance(30);
    flow.resend();
    expect(client.last.body).toMatchObject({ extra: { captcha: 'solved' } });
  });

  it('of an expired code starts again', async () => {
    const { flow, client, clock } = await atCode();
    clock.advance(600);
    flow.resend('call');
    expect(client.last).toMatchObject({ path: 'contact', body: { to: entryA.text, channel: 'call' } });
  });
});

describe('two-factor', () => {
  it('sends one request, and names no destination', async () => {
    const { flow, client } = openTwoFactor();
    flow.start();
    flow.start();
    expect(client.calls).toHaveLength(1);
    expect(client.last.path).toBe('two-factor');
    expect(Object.values(client.last.body).filter((value) => value !== undefined)).toEqual([]);
    await client.last.respond(byPhone);
    expect(shown(flow)).toBe('code');
  });

  it('ends where it is not required', async () => {
    const { flow, client, clock } = openTwoFactor();
    flow.start();
    await client.last.respond({ required: false });
    expect(shown(flow)).toBe('not-required');
    expect(clock.pending).toBe(0);
  });

  it('that fails is unavailable, and can be tried again', async () => {
    const { flow, client } = openTwoFactor();
    flow.start();
    await client.last.fail({ code: 'not-available' });
    expect(shown(flow)).toBe('unavailable: not-available');
    flow.send();
    expect(client.calls).toHaveLength(2);
  });

  it('switches to e-mail at once, and back without sending anything', async () => {
    const { flow, client } = await atTwoFactorCode();
    flow.resend('email');
    expect(client.last).toMatchObject({ path: 'resend', body: { challenge: 'sealed-phone', channel: 'email' } });
    await client.last.respond(byEmail);
    expect(flow.step).toMatchObject({ name: 'code', sent: { challenge: { to: 'a•••@e•••' } } });
    flow.resend('sms');
    flow.resend('email');
    flow.resend('sms');
    expect(client.calls).toHaveLength(2);
    flow.submit('123456');
    expect(client.last.body).toMatchObject({ challenge: 'sealed-phone' });
  });

  it('sends by e-mail again when the challenge there has expired', async () => {
    const { flow, client, clock } = await atTwoFactorCode();
    flow.resend('email');
    await client.last.respond({ ...byEmail, expiresIn: 60 });
    flow.resend('sms');
    clock.advance(60);
    flow.resend('email');
    expect(client.last).toMatchObject({ path: 'resend', body: { challenge: 'sealed-phone', channel: 'email' } });
  });

  it('starts again, once, when the challenge is no longer valid', async () => {
    const { flow, client } = await atTwoFactorCode();
    flow.submit('123456');
    await client.last.fail({ code: 'invalid-challenge' });
    expect(client.last.path).toBe('two-factor');
    await client.last.respond(byPhone);
    flow.submit('123456');
    await client.last.fail({ code: 'invalid-challenge' });
    expect(shown(flow)).toBe('unavailable: invalid-challenge');
    expect(client.calls.map((call) => call.path)).toEqual(['two-factor', 'check', 'two-factor', 'check']);
  });

  it('sends another code after its proof has expired only when the person wants it', async () => {
    const { flow, client, clock } = await atTwoFactorCode();
    flow.submit('123456');
    await client.last.respond({ proof: 'a.b.c', expiresIn: 300, purpose: 'two-factor' });
    clock.advance(300);
    expect(shown(flow)).toBe('unavailable: proof-expired');
    expect(client.calls).toHaveLength(2);
  });

  it('waits for the element after a reset, so that nothing is sent unseen', async () => {
    const { flow, client } = await atTwoFactorCode();
    flow.reset();
    expect(shown(flow)).toBe('starting');
    expect(client.calls).toHaveLength(1);
  });
});

describe('a second destination', () => {
  it('whose code has expired meanwhile gets a message, not the old code', async () => {
    const { flow, client, clock } = await atTwoFactorCode();
    clock.advance(300);
    flow.resend('email');
    await client.last.respond(byEmail);
    clock.advance(350);
    flow.resend('sms');
    expect(flow.step.name).toBe('resending');
    expect(client.last).toMatchObject({ path: 'resend', body: { channel: 'sms' } });
  });

  it('is not shown when the code is sent again to the first', async () => {
    const { flow, client, clock } = await atTwoFactorCode();
    flow.resend('email');
    await client.last.respond(byEmail);
    clock.advance(30);
    flow.resend();
    expect(client.last).toMatchObject({ path: 'resend', body: { challenge: 'sealed-email', channel: 'email' } });
  });
});

/** The flow controller: what it restores after a reload, and when an element leaves the page and returns. */
import { describe, expect, it } from 'vitest';
import {
  atCode,
  atTwoFactorCode,
  byEmail,
  entryA,
  entryB,
  openFlow,
  openTwoFactor,
  result,
  settled,
  shown,
} from '../../support/flow-fixtures.js';

describe('a reload', () => {
  it('in the code step continues with the same code and the same deadlines', async () => {
    const { clock, storage } = await atCode();
    clock.advance(20);
    const { flow, client } = openFlow({}, clock, storage);
    flow.start();
    expect(shown(flow)).toBe('code');
    expect([flow.expiresIn, flow.resendIn]).toEqual([580, 10]);
    flow.submit('123456');
    expect(client.calls.map((call) => call.path)).toEqual(['check']);
  });

  it('keeps Go back, and what was typed instead', async () => {
    const first = await atCode();
    first.flow.changeContact();
    first.flow.edit(entryB);
    const { flow } = openFlow({}, first.clock, first.storage);
    flow.start();
    expect(flow.step).toMatchObject({ name: 'contact', entry: entryB });
    flow.goBack();
    expect(flow.step).toMatchObject({ name: 'code', sent: { entry: entryA } });
  });

  it('sends nothing in two-factor while a code is valid, nor by itself when it has expired', async () => {
    const { clock, storage } = await atTwoFactorCode();
    clock.advance(60);
    const soon = openTwoFactor(clock, storage);
    soon.flow.start();
    expect([shown(soon.flow), soon.client.calls.length]).toEqual(['code', 0]);
    soon.flow.hostDisconnected();
    clock.advance(600);
    const late = openTwoFactor(clock, storage);
    late.flow.start();
    expect([shown(late.flow), late.client.calls.length]).toEqual(['code: code-expired', 0]);
    late.flow.send();
    expect(late.client.last.path).toBe('two-factor');
  });

  it('keeps the challenge of the other destination', async () => {
    const before = await atTwoFactorCode();
    before.flow.resend('email');
    await before.client.last.respond(byEmail);
    const { flow, client } = openTwoFactor(before.clock, before.storage);
    flow.start();
    flow.resend('sms');
    expect(flow.step).toMatchObject({ name: 'code', sent: { challenge: { challenge: 'sealed-phone' } } });
    expect(client.calls).toEqual([]);
  });

  it('after success or a reset restores nothing', async () => {
    const { flow, client, storage } = await atCode();
    flow.submit('123456');
    await client.last.respond(result);
    expect(storage.length).toBe(0);
    flow.reset();
    expect(storage.length).toBe(0);
  });

  it('shows what the page fills in now, if the person had typed nothing', () => {
    const { clock, storage, flow: first } = openFlow({ entry: entryA });
    first.start();
    const { flow } = openFlow({ entry: entryB }, clock, storage);
    flow.start();
    expect(flow.step).toMatchObject({ entry: entryB });
  });

  it('never restores a code or a proof', async () => {
    const { flow, client, storage } = await atCode();
    const written: string[] = [];
    const { setItem } = storage;
    storage.setItem = (key, value) => {
      written.push(value);
      setItem(key, value);
    };
    flow.submit('918273');
    await client.last.fail({ code: 'wrong-code', attemptsLeft: 4 });
    flow.submit('918274');
    await client.last.respond(result);
    expect(written.length).toBeGreaterThan(0);
    expect(written.join()).not.toMatch(/918273|918274|header\.payload/);
  });
});

describe('an element that leaves the page', () => {
  it('during a check shows the code step again when it returns, and repeats the same attempt', async () => {
    const { flow, client } = await atCode();
    flow.submit('123456');
    const first = client.last;
    flow.hostDisconnected();
    await settled();
    expect(first.signal.aborted).toBe(true);
    await first.respond(result);
    expect(flow.step.name).toBe('checking');
    flow.hostConnected();
    expect(shown(flow)).toBe('code');
    flow.submit('123456');
    expect(client.last.key).toBe(first.key);
  });

  it('during its first request starts again', async () => {
    const { flow, client } = openTwoFactor();
    flow.start();
    flow.hostDisconnected();
    await settled();
    flow.hostConnected();
    expect(shown(flow)).toBe('starting');
    flow.start();
    expect(client.calls).toHaveLength(2);
  });

  it('only to be moved keeps its request', async () => {
    const { flow, client } = await atCode();
    flow.submit('123456');
    flow.hostDisconnected();
    flow.hostConnected();
    await client.last.respond(result);
    expect(shown(flow)).toBe('verified');
  });

  it('sends no request while it is away', async () => {
    const { flow, client, clock } = await atCode();
    flow.hostDisconnected();
    clock.advance(60);
    flow.submit('123456');
    flow.resend();
    flow.reset();
    flow.send(entryA);
    expect(client.calls).toHaveLength(1);
    expect(clock.pending).toBe(0);
  });

  it('shows that its code expired while it was away', async () => {
    const { flow, clock } = await atCode();
    flow.hostDisconnected();
    clock.advance(700);
    expect(shown(flow)).toBe('code');
    flow.hostConnected();
    expect(shown(flow)).toBe('code: code-expired');
  });

  it('and returns fifty times leaves no timer and no request', async () => {
    const { flow, client, clock } = await atCode();
    clock.advance(30);
    for (let time = 0; time < 50; time++) {
      flow.hostConnected();
      expect(clock.pending).toBe(1);
      flow.resend();
      flow.hostDisconnected();
      await settled();
      expect(clock.pending).toBe(0);
    }
    const resends = client.calls.filter((call) => call.path === 'resend');
    expect(resends).toHaveLength(50);
    expect(resends.every((call) => call.signal.aborted)).toBe(true);
  });
});

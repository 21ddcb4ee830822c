/** What becomes of a message: the state of a phone or mailbox, what its owner receives, and what Twilio's Attempts then say. */
import { describe, expect, it } from 'vitest';
import { createEmulator, type DeliveryStatus } from '../../../src/emulator/index.js';
import { mobile, openAccount } from '../../support/emulator-account.js';

const address = 'ann@example.org';

/** Sends a message to a destination in this state. Resolves to its Attempt, and to whether it arrived. */
async function send(state: DeliveryStatus, channel: string) {
  const account = openAccount();
  const to = channel === 'email' ? address : mobile;
  account.emulator.deliveries.set(to, state);
  const { sid: verificationSid } = await account.send(to, channel);
  const [attempt] = await account.client.verify.v2.verificationAttempts.list({ verificationSid });
  const { message_status, call_status, error_code } = attempt?.channelData as Record<string, string | null>;
  const arrived = account.emulator.outbox.latest(to) !== undefined;
  return [message_status ?? call_status, error_code, arrived];
}

describe('a message', () => {
  it.each<[DeliveryStatus, string, string, string | null, boolean]>([
    ['delivered', 'sms', 'delivered', null, true],
    ['delivered', 'call', 'completed', null, true],
    ['delivered', 'whatsapp', 'delivered', null, true],
    ['delivered', 'email', 'delivered', null, true],
    ['under-way', 'sms', 'sent', null, false],
    ['under-way', 'call', 'ringing', null, false],
    ['switched-off', 'sms', 'undelivered', '30003', false],
    ['switched-off', 'call', 'no-answer', null, false],
    ['switched-off', 'whatsapp', 'sent', null, false],
    ['full', 'sms', 'undelivered', '30003', false],
    ['full', 'call', 'completed', null, true],
    ['full', 'email', 'undelivered', null, false],
    ['landline', 'sms', 'undelivered', '30006', false],
    ['landline', 'call', 'completed', null, true],
    ['unknown', 'sms', 'undelivered', '30005', false],
    ['unknown', 'email', 'undelivered', null, false],
    ['blocked', 'sms', 'undelivered', '30004', false],
    ['filtered', 'sms', 'undelivered', '30007', false],
    ['failed', 'sms', 'undelivered', '30008', false],
    ['failed', 'whatsapp', 'failed', '30008', false],
  ])('to a destination that is %s by %s is %s, with error %s; arrived: %s', async (state, channel, ...expected) => {
    expect(await send(state, channel)).toEqual(expected);
  });

  it('keeps the state that its phone had when it was sent', async () => {
    const { emulator, client, send: sendTo } = openAccount();
    emulator.deliveries.set(mobile, 'switched-off');
    await sendTo();
    emulator.deliveries.set(mobile, 'delivered');
    await sendTo();
    const attempts = await client.verify.v2.verificationAttempts.list();
    expect(attempts.map((one) => (one.channelData as Record<string, unknown>).message_status)).toEqual([
      'delivered',
      'undelivered',
    ]);
    const [attempt] = await client.verify.v2.verificationAttempts.list({ 'channelData.to': mobile, limit: 1 });
    expect(await client.verify.v2.verificationAttempts(attempt?.sid ?? '').fetch()).toMatchObject({
      channelData: { message_status: 'delivered', error_code: null },
    });
  });
});

describe('the state of a destination', () => {
  it('comes from the options, and returns to them', () => {
    const emulator = createEmulator({ deliveries: { [mobile]: 'switched-off' } });
    emulator.deliveries.set(mobile, 'delivered');
    emulator.deliveries.set(address, 'full');
    expect(emulator.deliveries.list()).toEqual([{ to: address, status: 'full' }]);
    emulator.reset();
    expect(emulator.deliveries.list()).toEqual([{ to: mobile, status: 'switched-off' }]);
  });

  it('is refused if no destination can have it', () => {
    const { deliveries } = createEmulator();
    expect(() => deliveries.set(address, 'landline')).toThrow(new TypeError('No mailbox is "landline".'));
    expect(() => deliveries.set(mobile, 'off' as DeliveryStatus)).toThrow(/^The delivery: status must be one of/);
    expect(() => deliveries.set('ann', 'full')).toThrow(TypeError);
    expect(() => createEmulator({ deliveries: { [address]: 'switched-off' } })).toThrow('No mailbox is');
  });
});

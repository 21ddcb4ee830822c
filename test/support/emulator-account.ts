/** An emulated account with one service, and the calls that most tests make to it. */
import { createEmulator, type Emulator, type EmulatorOptions, type ServiceOptions } from '../../src/emulator/index.js';
import { functionClient } from './emulator-client.js';

/** The service. */
export const sid = `VA${'a'.repeat(32)}`;
/** A number that the service sends to. */
export const mobile = '+447400123456';

/** Creates the account, a client for it, and functions for the usual calls. */
export function openAccount(service: Partial<ServiceOptions> = {}, options: EmulatorOptions = {}) {
  const emulator = createEmulator({ services: [{ sid, ...service }], ...options });
  const client = functionClient(emulator);
  const { verifications, verificationChecks } = client.verify.v2.services(sid);
  const send = (to = mobile, channel = 'sms', more = {}) => verifications.create({ to, channel, ...more });
  const check = (verificationSid: string, code: string) => verificationChecks.create({ verificationSid, code });
  return { emulator, client, send, check, verification: client.verify.v2.services(sid).verifications };
}

/** Makes a call without the SDK. */
export function post(emulator: Emulator, path: string, body: string, headers = {}, method = 'POST') {
  const { accountSid, authToken } = emulator.credentials;
  const Authorization = `Basic ${btoa(`${accountSid}:${authToken}`)}`;
  const type = { 'Content-Type': 'application/x-www-form-urlencoded' };
  const init = { method, headers: { Authorization, ...type, ...headers }, ...(method === 'POST' ? { body } : {}) };
  return emulator.fetch(new Request(`https://verify.twilio.com${path}`, init));
}

/** A fixed code: who gets it, and who does not. */
import { describe, expect, it } from 'vitest';
import { createEmulator, type Emulator, type EmulatorOptions } from '../../../src/emulator/index.js';
import { functionClient } from '../../support/emulator-client.js';

const reviewer = '+447400123456';
const somebody = '+447400999999';
const shortCodes = `VA${'a'.repeat(32)}`;
const sixDigits = `VA${'b'.repeat(32)}`;

/** A person asks for a code; returns the one that they read. */
async function codeFor(emulator: Emulator, to: string, more: { service?: string; customCode?: string } = {}) {
  const { service = emulator.services.contact, ...parameters } = more;
  const channel = to.includes('@') ? 'email' : 'sms';
  await functionClient(emulator)
    .verify.v2.services(service)
    .verifications.create({ to, channel, ...parameters });
  return emulator.outbox.latest(to)?.code;
}

const random = (length: number) => '9'.repeat(length);
const open = (options: EmulatorOptions) => createEmulator({ random, ...options });

describe('a fixed code', () => {
  it('is what everybody reads, after a reset too, and it passes the check', async () => {
    const emulator = open({ fixedCode: '123456' });
    expect(await codeFor(emulator, reviewer)).toBe('123456');
    expect(await codeFor(emulator, 'ada@example.com')).toBe('123456');
    emulator.reset();
    expect(await codeFor(emulator, somebody)).toBe('123456');
    const { verificationChecks } = functionClient(emulator).verify.v2.services(emulator.services.contact);
    expect(await verificationChecks.create({ to: somebody, code: '123456' })).toMatchObject({ status: 'approved' });
  });

  it('of one number is nobody else’s', async () => {
    const emulator = open({ fixedCode: { [reviewer]: '123456', 'Review@example.com': '000000' } });
    expect(await codeFor(emulator, reviewer)).toBe('123456');
    expect(await codeFor(emulator, 'Review@example.com')).toBe('000000');
    expect(await codeFor(emulator, 'review@example.com')).toBe('999999');
    expect(await codeFor(emulator, somebody)).toBe('999999');
  });

  it('of an address counts in any case where the account makes no difference', async () => {
    const emulator = open({
      fixedCode: { 'Review@example.com': '000000' },
      assume: { emailCaseSensitive: false },
    });
    expect(await codeFor(emulator, 'review@EXAMPLE.com')).toBe('000000');
  });

  it('never comes from a service whose codes have another length', async () => {
    const services = [{ sid: shortCodes, codeLength: 4 }, { sid: sixDigits }];
    const emulator = open({ services, fixedCode: { [reviewer]: '1234' } });
    expect(await codeFor(emulator, reviewer, { service: shortCodes })).toBe('1234');
    expect(await codeFor(emulator, reviewer, { service: sixDigits })).toBe('999999');
  });

  it('gives way to the code that the application sets itself', async () => {
    const services = [{ sid: sixDigits, customCodeEnabled: true }];
    const emulator = open({ services, fixedCode: '123456' });
    expect(await codeFor(emulator, reviewer, { customCode: '654321' })).toBe('654321');
  });
});

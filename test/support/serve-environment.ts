/** The settings of `serve` that are complete, with an emulator in place of Twilio. Not a test. */
import { createEmulator, type Emulator, type EmulatorOptions } from '../../src/emulator/index.js';
import { serveEmulator } from '../../src/emulator/node.js';
import { generateKeys } from '../../src/server/index.js';

/** An environment, and the emulator that it names. */
export interface ServeEnvironment {
  env: Record<string, string>;
  emulator: Emulator;
  /** Stops the emulator. */
  close(): Promise<void>;
}

/** Starts an emulator on a port and names it. `serve` then listens on any free port. */
export async function serveEnvironment(options?: EmulatorOptions): Promise<ServeEnvironment> {
  const emulator = createEmulator(options);
  const { url, close } = await serveEmulator(emulator);
  const { credentials, services } = emulator;
  const { secret, signing } = await generateKeys();
  const env = {
    TWILIO_BASE_URL: url,
    TWILIO_ACCOUNT_SID: credentials.accountSid,
    TWILIO_API_KEY: credentials.apiKey,
    TWILIO_API_SECRET: credentials.apiSecret,
    TWILIO_VERIFY_SERVICE_SID: services.contact,
    TWILIO_VERIFY_TWO_FACTOR_SERVICE_SID: services.twoFactor,
    VERIFY_AUDIENCE: 'https://shop.example',
    VERIFY_ANONYMOUS: 'true',
    VERIFY_SECRET: secret,
    VERIFY_SIGNING_KEY: JSON.stringify(signing),
    VERIFY_PORT: '0',
  };
  return { env, emulator, close };
}

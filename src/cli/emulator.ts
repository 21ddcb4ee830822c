/** `verify-contact emulator`: serves the emulator with its control plane on a port, until the process ends. */
import { createEmulator } from '../emulator/index.js';
import { serveEmulator } from '../emulator/node.js';
import { openPort } from './settings/open-port.js';

/** Starts it and prints its address and the settings for a backend. Resolves to a function that stops it. Rejects with a `SettingsError` if the port is taken. */
export async function startEmulator(port: number, print: (line: string) => void): Promise<() => Promise<void>> {
  const emulator = createEmulator({ control: true, magicNumbers: true });
  const { url, close } = await openPort(() => serveEmulator(emulator, { port }), {
    port: '--port',
    hostname: '127.0.0.1',
  });
  const { credentials, services } = emulator;
  print(`The emulator of Twilio Verify listens on ${url}. It sends no messages.
Messages: ${url}/__emulator/outbox

# Settings for a backend that uses it
TWILIO_BASE_URL=${url}
TWILIO_ACCOUNT_SID=${credentials.accountSid}
TWILIO_API_KEY=${credentials.apiKey}
TWILIO_API_SECRET=${credentials.apiSecret}
TWILIO_VERIFY_SERVICE_SID=${services.contact}
TWILIO_VERIFY_TWO_FACTOR_SERVICE_SID=${services.twoFactor}`);
  return close;
}

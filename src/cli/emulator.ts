/** `verify-contact emulator`: the emulator on a port, with its control plane, until the process ends. */
import { createEmulator } from '../emulator/index.js';
import { serveEmulator } from '../emulator/node.js';

/** Starts it, prints where it is and how to point a backend at it, and answers how to stop it. Rejects if the port is taken. */
export async function startEmulator(port: number, print: (line: string) => void): Promise<() => Promise<void>> {
  const emulator = createEmulator({ control: true, magicNumbers: true });
  const { url, close } = await serveEmulator(emulator, { port });
  const { credentials, services } = emulator;
  print(`A stand-in for Twilio Verify listens on ${url}: it sends nothing to anybody.
Messages: ${url}/__emulator/outbox

# Settings for a backend that talks to it
TWILIO_BASE_URL=${url}
TWILIO_ACCOUNT_SID=${credentials.accountSid}
TWILIO_API_KEY=${credentials.apiKey}
TWILIO_API_SECRET=${credentials.apiSecret}
TWILIO_VERIFY_SERVICE_SID=${services.contact}
TWILIO_VERIFY_TWO_FACTOR_SERVICE_SID=${services.twoFactor}`);
  return close;
}

/**
 * The most similar alternative: Better Auth's phone plugin with Twilio Verify, over the same pool. It has its fastest storage
 * (memory, with short-lived values in a Map) and its rate limit, which is on in production.
 */
import { betterAuth } from 'better-auth';
import { memoryAdapter } from 'better-auth/adapters/memory';
import { phoneNumber } from 'better-auth/plugins';
import { toNodeHandler } from 'better-auth/node';
import { Agent, request } from 'undici';
import { accountSid, authToken, contactService } from './account.js';

/** @param {{ upstream: string }} config */
export async function listenerOf({ upstream }) {
  const dispatcher = new Agent({ connections: 256 });
  const headers = {
    authorization: `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`,
    'content-type': 'application/x-www-form-urlencoded',
  };
  const callTwilio = async (/** @type {string} */ path, /** @type {Record<string, string>} */ form) => {
    const url = `${upstream}/v2/Services/${contactService}/${path}`;
    const response = await request(url, {
      dispatcher,
      method: 'POST',
      headers,
      body: new URLSearchParams(form).toString(),
    });
    return /** @type {any} */ (JSON.parse(await response.body.text()));
  };
  /** @type {any} */
  const tables = { user: [], session: [], account: [], verification: [] };
  /** @type {Map<string, string>} */
  const storage = new Map();
  const auth = betterAuth({
    baseURL: 'https://shop.example',
    secret: 'a secret of more than thirty-two characters',
    database: memoryAdapter(tables),
    secondaryStorage: {
      get: (key) => storage.get(key) ?? null,
      set: (key, value) => void storage.set(key, value),
      delete: (key) => void storage.delete(key),
    },
    rateLimit: { enabled: true, storage: 'memory' },
    advanced: { ipAddress: { ipAddressHeaders: ['x-forwarded-for'] } },
    telemetry: { enabled: false },
    plugins: [
      phoneNumber({
        sendOTP: ({ phoneNumber: To }) => callTwilio('Verifications', { To, Channel: 'sms' }),
        verifyOTP: async ({ phoneNumber: To, code: Code }) =>
          (await callTwilio('VerificationCheck', { To, Code })).status === 'approved',
        signUpOnVerification: { getTempEmail: (number) => `${number}@shop.example` },
      }),
    ],
  });
  const handle = toNodeHandler(auth);
  return (
    /** @type {import('node:http').IncomingMessage} */ incoming,
    /** @type {import('node:http').ServerResponse} */ outgoing,
  ) => {
    // Its memory adapter searches whole arrays, which a database would not. So the arrays stay short.
    for (const rows of Object.values(tables)) if (rows.length > 200) rows.length = 0;
    if (storage.size > 20_000) storage.clear();
    return handle(incoming, outgoing);
  };
}

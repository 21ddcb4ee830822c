/**
 * The nearest ready-made peer: Better Auth's phone plugin with Twilio Verify as its sender and checker, over the same pool.
 * Its fastest storage (memory, with the short-lived values in a Map), and its rate limit on, as it is in production.
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
  const ask = async (/** @type {string} */ path, /** @type {Record<string, string>} */ form) => {
    const url = `${upstream}/v2/Services/${contactService}/${path}`;
    const answer = await request(url, {
      dispatcher,
      method: 'POST',
      headers,
      body: new URLSearchParams(form).toString(),
    });
    return /** @type {any} */ (JSON.parse(await answer.body.text()));
  };
  /** @type {any} */
  const tables = { user: [], session: [], account: [], verification: [] };
  /** @type {Map<string, string>} */
  const kept = new Map();
  const auth = betterAuth({
    baseURL: 'https://shop.example',
    secret: 'a secret of more than thirty-two characters',
    database: memoryAdapter(tables),
    secondaryStorage: {
      get: (key) => kept.get(key) ?? null,
      set: (key, value) => void kept.set(key, value),
      delete: (key) => void kept.delete(key),
    },
    rateLimit: { enabled: true, storage: 'memory' },
    advanced: { ipAddress: { ipAddressHeaders: ['x-forwarded-for'] } },
    telemetry: { enabled: false },
    plugins: [
      phoneNumber({
        sendOTP: ({ phoneNumber: To }) => ask('Verifications', { To, Channel: 'sms' }),
        verifyOTP: async ({ phoneNumber: To, code: Code }) =>
          (await ask('VerificationCheck', { To, Code })).status === 'approved',
        signUpOnVerification: { getTempEmail: (number) => `${number}@shop.example` },
      }),
    ],
  });
  const handle = toNodeHandler(auth);
  return (
    /** @type {import('node:http').IncomingMessage} */ incoming,
    /** @type {import('node:http').ServerResponse} */ outgoing,
  ) => {
    // Its memory adapter searches its arrays from end to end, which a database would not: they are kept short.
    for (const rows of Object.values(tables)) if (rows.length > 200) rows.length = 0;
    if (kept.size > 20_000) kept.clear();
    return handle(incoming, outgoing);
  };
}

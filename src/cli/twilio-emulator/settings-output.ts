/** The settings that a program needs to use the emulator, as lines for a shell or a file of settings, and as JSON. Writes nothing. */
import type { Emulator } from '../../emulator/index.js';

/** Where the emulator listens, as a client on this machine calls it. */
export interface EmulatorAddresses {
  url: string;
  /** The proxy, and the file with the certificate that its clients must trust. */
  proxy?: { url: string; caFile: string };
}

/**
 * A shell, `docker run --env-file` and the usual readers of `.env` files all take these lines. The API key is a comment:
 * the auth token and it are two ways to sign in, and a program may refuse to have both.
 */
export function dotenvOf(emulator: Emulator, { url, proxy }: EmulatorAddresses): string[] {
  const { TWILIO_API_KEY: key, TWILIO_API_SECRET: secret, ...settings } = settingsOf(emulator, url);
  return [
    `# The emulator of Twilio Verify listens on ${url}. It sends no messages.`,
    `# Messages: ${url}/__emulator/outbox; a page that shows them: ${url}/__emulator/`,
    '',
    '# Settings for a program that uses it',
    ...Object.entries(settings).map(([name, value]) => `${name}=${value}`),
    ...(key && secret
      ? ['# An API key, in place of the auth token', `# TWILIO_API_KEY=${key}`, `# TWILIO_API_SECRET=${secret}`]
      : []),
    // As settings, they would send every other program of the shell to this proxy too.
    ...(proxy
      ? [
          '# A program that calls https://verify.twilio.com takes this proxy, and trusts the certificate in this file',
          `# HTTPS_PROXY=${proxy.url}`,
          `# SSL_CERT_FILE=${proxy.caFile}`,
        ]
      : []),
  ];
}

/** All settings by their names, with the API key beside the auth token. */
export function jsonOf(emulator: Emulator, { url, ...rest }: EmulatorAddresses): object {
  return { url, ...rest, control: `${url}/__emulator`, settings: settingsOf(emulator, url) };
}

function settingsOf({ credentials, services }: Emulator, url: string): Record<string, string> {
  const { accountSid, authToken, apiKey, apiSecret } = credentials;
  return {
    TWILIO_BASE_URL: url,
    TWILIO_ACCOUNT_SID: accountSid,
    TWILIO_AUTH_TOKEN: authToken,
    ...(apiKey ? { TWILIO_API_KEY: apiKey, TWILIO_API_SECRET: apiSecret } : {}),
    TWILIO_VERIFY_SERVICE_SID: services.contact,
    TWILIO_VERIFY_TWO_FACTOR_SERVICE_SID: services.twoFactor,
  };
}

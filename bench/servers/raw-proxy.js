/** The upper limit: a bare proxy on `node:http` and `undici.request`. It does not validate, count or store anything. */
import { Agent, request } from 'undici';
import { accountSid, authToken, bodyOf, contactService, reply } from './account.js';

/** @param {{ upstream: string }} config */
export async function listenerOf({ upstream }) {
  const dispatcher = new Agent({ connections: 256 });
  const headers = {
    authorization: `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`,
    'content-type': 'application/x-www-form-urlencoded',
  };
  return async (
    /** @type {import('node:http').IncomingMessage} */ incoming,
    /** @type {import('node:http').ServerResponse} */ outgoing,
  ) => {
    const { to, code } = await bodyOf(incoming);
    const check = incoming.url?.endsWith('/check');
    const body = check ? `To=${encodeURIComponent(to)}&Code=${code}` : `To=${encodeURIComponent(to)}&Channel=sms`;
    const url = `${upstream}/v2/Services/${contactService}/${check ? 'VerificationCheck' : 'Verifications'}`;
    const response = await request(url, { dispatcher, method: 'POST', headers, body });
    reply(outgoing, response.statusCode, await response.body.text());
  };
}

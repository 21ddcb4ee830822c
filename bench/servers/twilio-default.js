/** Twilio's own samples: `node:http` and the `twilio` package with its default HTTP client. */
import twilio from 'twilio';
import { accountSid, authToken, bodyOf, contactService, reply } from './account.js';

/** @param {{ upstream: string }} config @param {object} [options] of the client */
export async function listenerOf({ upstream }, options = {}) {
  const client = twilio(accountSid, authToken, options);
  client.verify.baseUrl = upstream;
  const service = client.verify.v2.services(contactService);
  return async (
    /** @type {import('node:http').IncomingMessage} */ incoming,
    /** @type {import('node:http').ServerResponse} */ outgoing,
  ) => {
    const { to, code } = await bodyOf(incoming);
    if (incoming.url?.endsWith('/check')) {
      const { status } = await service.verificationChecks.create({ to, code });
      return reply(outgoing, 200, JSON.stringify({ status }));
    }
    const { status } = await service.verifications.create({ to, channel: 'sms' });
    reply(outgoing, 201, JSON.stringify({ status }));
  };
}

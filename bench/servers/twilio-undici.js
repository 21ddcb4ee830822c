/** The bare path, with which our own cost is compared: `node:http`, and the `twilio` package over undici's pool. */
import twilio from 'twilio';
import { Agent, request } from 'undici';
import { listenerOf as withOptions } from './twilio-default.js';

class PooledClient extends twilio.RequestClient {
  #dispatcher = new Agent({ connections: 256 });

  /** @param {any} call */
  async request({ method, uri, username, password, headers, data }) {
    const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
    const body = data && new URLSearchParams(data).toString();
    const response = await request(uri, {
      dispatcher: this.#dispatcher,
      method: method.toUpperCase(),
      headers: { ...headers, authorization },
      body,
    });
    return {
      statusCode: response.statusCode,
      body: /** @type {any} */ (await response.body.text()),
      headers: {},
      toString: () => '',
    };
  }
}

/** @param {{ upstream: string }} config */
export const listenerOf = (config) => withOptions(config, { httpClient: new PooledClient() });

/** The fake Twilio account of every measured server, and how those servers read and send JSON. */

export const accountSid = `AC${'0'.repeat(32)}`;
export const authToken = 'f'.repeat(32);
export const contactService = `VA${'1'.repeat(32)}`;
export const twoFactorService = `VA${'2'.repeat(32)}`;

/** @param {import('node:http').IncomingMessage} incoming @returns {Promise<any>} */
export function bodyOf(incoming) {
  return new Promise((resolve, reject) => {
    /** @type {Buffer[]} */
    const chunks = [];
    incoming.on('data', (chunk) => chunks.push(chunk));
    incoming.on('end', () => resolve(JSON.parse(Buffer.concat(chunks).toString())));
    incoming.on('error', reject);
  });
}

/** @param {import('node:http').ServerResponse} outgoing @param {number} status @param {string} text */
export function reply(outgoing, status, text) {
  outgoing.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
  outgoing.end(text);
}

/** verify-contact in Node's own http server: the backend under /verify/, and the routes that act on its proofs. */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { basename, extname } from 'node:path';
import { text } from 'node:stream/consumers';
import * as shop from 'shop';
import {
  createHandler,
  generateKeys,
  memoryAccounts,
  ProofError,
  twoFactorRequired,
  verifyProof,
} from 'verify-contact/server';
import { nodeListener } from 'verify-contact/server/node';

const { env } = process;
const audience = 'https://shop.example';
const twoFactor = { required: 'always', email: false };
const accounts = memoryAccounts();
const verify = createHandler({
  twilio: {
    accountSid: env.TWILIO_ACCOUNT_SID,
    apiKey: env.TWILIO_API_KEY,
    apiSecret: env.TWILIO_API_SECRET,
    contactService: env.TWILIO_VERIFY_SERVICE_SID,
    twoFactorService: env.TWILIO_VERIFY_TWO_FACTOR_SERVICE_SID,
    baseUrl: env.TWILIO_BASE_URL, // the emulator's; without it, Twilio itself
  },
  keys: await generateKeys(), // in production from your configuration
  audience,
  accounts,
  twoFactor,
  anonymous: true, // people who sign up are nobody yet
  identify: (request) => shop.sessionOf(request.headers.get('cookie')),
});
const jwks = await (await verify(new Request('http://localhost/verify/jwks.json'))).json();
const listener = nodeListener(verify);

const routes = {
  'GET /': (_, response) => sendFile(response, new URL('../../html/index.html', import.meta.url)),
  'GET /page.js': (_, response) => sendFile(response, new URL('../../html/page.js', import.meta.url)),
  'GET /session': ({ headers }, response) => response.end(JSON.stringify(shop.sessionView(headers.cookie))),

  async 'POST /sign-up'(request, response) {
    const { name, password, proof } = await form(request);
    shop.checkNewUser(name, password);
    const { contact, jti } = await verifyProof(proof, { jwks, audience, purpose: 'contact', subject: null });
    shop.once(jti);
    const user = await shop.addUser(name, password);
    await accounts.contactVerified(user.id, contact);
    // The code that the person just entered is the second factor of this first session.
    home(response, shop.openSession(user, true, request.headers.cookie));
  },

  async 'POST /sign-in'(request, response) {
    const { name, password } = await form(request);
    const user = await shop.checkPassword(name, password);
    const enough = !twoFactorRequired(twoFactor, await accounts.contacts(user.id));
    home(response, shop.openSession(user, enough, request.headers.cookie));
  },

  async 'POST /second-factor'(request, response) {
    const { proof } = await form(request);
    const session = shop.demandSession(request.headers.cookie);
    const { jti } = await verifyProof(proof, { jwks, audience, purpose: 'two-factor', subject: session.id });
    shop.once(jti);
    home(response, shop.openSession(session, true, request.headers.cookie));
  },

  'POST /sign-out': ({ headers }, response) => home(response, shop.closeSession(headers.cookie)),
};

createServer(async (request, response) => {
  const { pathname } = new URL(request.url, 'http://localhost');
  try {
    if (pathname.startsWith('/verify/')) return await listener(request, response);
    if (pathname.startsWith('/assets/')) return await sendFile(response, asset(pathname));
    const route = routes[`${request.method} ${pathname}`];
    if (!route) return response.writeHead(404).end();
    await route(request, response);
  } catch (error) {
    // Only these two errors have messages for the person.
    const known = error instanceof shop.Refused || error instanceof ProofError;
    response.writeHead(known ? 422 : 500).end(known ? error.message : 'Something went wrong.');
  }
}).listen(env.PORT ?? 8080, '127.0.0.1');

/** Serves the script and its chunks. `basename` prevents any other path. */
function asset(pathname) {
  const folder = pathname.startsWith('/assets/chunks/') ? 'chunks/' : '';
  return new URL(folder + basename(pathname), import.meta.resolve('verify-contact/verify-contact.min.js'));
}

async function sendFile(response, file) {
  const type = extname(file.pathname) === '.html' ? 'text/html' : 'text/javascript';
  const content = await readFile(file).catch(() => null);
  if (content) response.writeHead(200, { 'content-type': type }).end(content);
  else response.writeHead(404).end();
}

async function form(request) {
  return Object.fromEntries(new URLSearchParams(await text(request)));
}

function home(response, cookie) {
  response.writeHead(303, { location: '/', 'set-cookie': cookie }).end();
}

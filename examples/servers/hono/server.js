/** verify-contact in Hono, on Node: the backend under /verify, and the routes that act on its proofs. */
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { serve } from '@hono/node-server';
import { serveStatic } from '@hono/node-server/serve-static';
import { Hono } from 'hono';
import * as shop from 'shop';
import {
  createHandler,
  generateKeys,
  memoryAccounts,
  ProofError,
  twoFactorRequired,
  verifyProof,
} from 'verify-contact/server';

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

const app = new Hono();
// The limits need the address of the peer: the second argument.
app.all('/verify/*', (c) => verify(c.req.raw, { address: c.env.incoming.socket.remoteAddress }));

app.get('/session', (c) => c.json(shop.sessionView(c.req.header('cookie'))));

app.post('/sign-up', async (c) => {
  const { name, password, proof } = await c.req.parseBody();
  shop.checkNewUser(name, password);
  const { contact, jti } = await verifyProof(proof, { jwks, audience, purpose: 'contact', subject: null });
  shop.once(jti);
  const user = await shop.addUser(name, password);
  await accounts.contactVerified(user.id, contact);
  // The code that the person just entered is the second factor of this first session.
  return home(c, shop.openSession(user, true, c.req.header('cookie')));
});

app.post('/sign-in', async (c) => {
  const { name, password } = await c.req.parseBody();
  const user = await shop.checkPassword(name, password);
  const enough = !twoFactorRequired(twoFactor, await accounts.contacts(user.id));
  return home(c, shop.openSession(user, enough, c.req.header('cookie')));
});

app.post('/second-factor', async (c) => {
  const { proof } = await c.req.parseBody();
  const session = shop.demandSession(c.req.header('cookie'));
  const { jti } = await verifyProof(proof, { jwks, audience, purpose: 'two-factor', subject: session.id });
  shop.once(jti);
  return home(c, shop.openSession(session, true, c.req.header('cookie')));
});

app.post('/sign-out', (c) => home(c, shop.closeSession(c.req.header('cookie'))));

// Only these two errors have messages for the person.
app.onError((error, c) => {
  const known = error instanceof shop.Refused || error instanceof ProofError;
  return c.text(known ? error.message : 'Something went wrong.', known ? 422 : 500);
});

const bundle = dirname(fileURLToPath(import.meta.resolve('verify-contact/verify-contact.min.js')));
app.use('/assets/*', serveStatic({ root: bundle, rewriteRequestPath: (path) => path.replace('/assets', '') }));
app.use(serveStatic({ root: '../../html' }));

serve({ fetch: app.fetch, port: Number(env.PORT ?? 8080), hostname: '127.0.0.1' });

function home(c, cookie) {
  c.header('set-cookie', cookie);
  return c.redirect('/', 303);
}

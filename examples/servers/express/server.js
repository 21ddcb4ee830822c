/** verify-contact in Express 5: the backend under /verify, and the routes that act on its proofs. */
import { fileURLToPath } from 'node:url';
import express from 'express';
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

const app = express();
// Mount it before any body parser: the backend reads its own bodies.
app.use('/verify', nodeListener(verify));
app.use(express.urlencoded({ extended: false }));
app.use(
  '/assets',
  express.static(fileURLToPath(new URL('.', import.meta.resolve('verify-contact/verify-contact.min.js')))),
);
app.use(express.static(env.PAGE ?? '../../html'));

app.get('/session', ({ headers }, response) => response.json(shop.sessionView(headers.cookie)));

app.post('/sign-up', async ({ body, headers }, response) => {
  shop.checkNewUser(body.name, body.password);
  const { contact, jti } = await verifyProof(body.proof, { jwks, audience, purpose: 'contact', subject: null });
  shop.once(jti);
  const user = await shop.addUser(body.name, body.password);
  await accounts.contactVerified(user.id, contact);
  // The code that the person just entered is the second factor of this first session.
  response.set('set-cookie', shop.openSession(user, true, headers.cookie)).redirect(303, '/');
});

app.post('/sign-in', async ({ body, headers }, response) => {
  const user = await shop.checkPassword(body.name, body.password);
  const enough = !twoFactorRequired(twoFactor, await accounts.contacts(user.id));
  response.set('set-cookie', shop.openSession(user, enough, headers.cookie)).redirect(303, '/');
});

app.post('/second-factor', async ({ body, headers }, response) => {
  const session = shop.demandSession(headers.cookie);
  const { jti } = await verifyProof(body.proof, { jwks, audience, purpose: 'two-factor', subject: session.id });
  shop.once(jti);
  response.set('set-cookie', shop.openSession(session, true, headers.cookie)).redirect(303, '/');
});

app.post('/sign-out', ({ headers }, response) => {
  response.set('set-cookie', shop.closeSession(headers.cookie)).redirect(303, '/');
});

// Only these two errors have messages for the person. Express recognises an error handler by its four parameters.
app.use((error, request, response, _next) => {
  const known = error instanceof shop.Refused || error instanceof ProofError;
  response
    .status(known ? 422 : 500)
    .type('text')
    .send(known ? error.message : 'Something went wrong.');
});

app.listen(env.PORT ?? 8080, '127.0.0.1');

/** verify-contact in Fastify 5: the backend under /verify, and the routes that act on its proofs. */
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import formBody from '@fastify/formbody';
import files from '@fastify/static';
import fastify from 'fastify';
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

const app = fastify();
app.register(async (scope) => {
  // The backend reads its own bodies, so Fastify must not parse them here.
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('*', (request, payload, done) => done(null));
  scope.all('/verify/*', (request, reply) => {
    reply.hijack();
    return listener(request.raw, reply.raw);
  });
});
app.register(formBody);
app.register(files, { root: fileURLToPath(new URL('../../html', import.meta.url)) });
const bundle = fileURLToPath(import.meta.resolve('verify-contact/verify-contact.min.js'));
app.register(files, { root: dirname(bundle), prefix: '/assets/', decorateReply: false });

app.get('/session', async ({ headers }) => shop.sessionView(headers.cookie));

app.post('/sign-up', async ({ body, headers }, reply) => {
  shop.checkNewUser(body.name, body.password);
  const { contact, jti } = await verifyProof(body.proof, { jwks, audience, purpose: 'contact', subject: null });
  shop.once(jti);
  const user = await shop.addUser(body.name, body.password);
  await accounts.contactVerified(user.id, contact);
  // The code that the person just entered is the second factor of this first session.
  return reply.header('set-cookie', shop.openSession(user, true, headers.cookie)).redirect('/', 303);
});

app.post('/sign-in', async ({ body, headers }, reply) => {
  const user = await shop.checkPassword(body.name, body.password);
  const enough = !twoFactorRequired(twoFactor, await accounts.contacts(user.id));
  return reply.header('set-cookie', shop.openSession(user, enough, headers.cookie)).redirect('/', 303);
});

app.post('/second-factor', async ({ body, headers }, reply) => {
  const session = shop.demandSession(headers.cookie);
  const { jti } = await verifyProof(body.proof, { jwks, audience, purpose: 'two-factor', subject: session.id });
  shop.once(jti);
  return reply.header('set-cookie', shop.openSession(session, true, headers.cookie)).redirect('/', 303);
});

app.post('/sign-out', async ({ headers }, reply) =>
  reply.header('set-cookie', shop.closeSession(headers.cookie)).redirect('/', 303),
);

// Only these two errors have messages for the person.
app.setErrorHandler((error, request, reply) => {
  const known = error instanceof shop.Refused || error instanceof ProofError;
  return reply.code(known ? 422 : (error.statusCode ?? 500)).send(known ? error.message : 'Something went wrong.');
});

await app.listen({ port: Number(env.PORT ?? 8080), host: '127.0.0.1' });

/** verify-contact in workerd, the runtime of Cloudflare Workers, with Node.js compatibility. */
import * as shop from 'shop';
import {
  createHandler,
  generateKeys,
  memoryAccounts,
  ProofError,
  twoFactorRequired,
  verifyProof,
} from 'verify-contact/server';

const audience = 'https://shop.example';
const twoFactor = { required: 'always', email: false };

// The first request makes it: outside of a request, a worker has neither settings nor randomness. Its memory belongs to
// one isolate. With several isolates, accounts and limits need a store that all of them can reach.
let made;

async function make(env) {
  const accounts = memoryAccounts();
  const verify = createHandler({
    twilio: {
      accountSid: env.TWILIO_ACCOUNT_SID,
      apiKey: env.TWILIO_API_KEY,
      apiSecret: env.TWILIO_API_SECRET,
      contactService: env.TWILIO_VERIFY_SERVICE_SID,
      twoFactorService: env.TWILIO_VERIFY_TWO_FACTOR_SERVICE_SID,
      baseUrl: env.TWILIO_BASE_URL, // the emulator's; without it, Twilio itself
      transport: (request) => fetch(request), // no sockets here
    },
    keys: await generateKeys(), // in production from your configuration
    audience,
    accounts,
    twoFactor,
    anonymous: true, // people who sign up are nobody yet
    identify: (request) => shop.sessionOf(request.headers.get('cookie')),
    clientAddress: (request) => request.headers.get('cf-connecting-ip'),
  });
  const jwks = await (await verify(new Request('http://localhost/verify/jwks.json'))).json();
  return { accounts, verify, jwks };
}

const routes = {
  async 'GET /session'(request) {
    return Response.json(shop.sessionView(request.headers.get('cookie')));
  },

  async 'POST /sign-up'(request, { accounts, jwks }) {
    const { name, password, proof } = Object.fromEntries(await request.formData());
    shop.checkNewUser(name, password);
    const { contact, jti } = await verifyProof(proof, { jwks, audience, purpose: 'contact', subject: null });
    shop.once(jti);
    const user = await shop.addUser(name, password);
    await accounts.contactVerified(user.id, contact);
    // The code that the person just entered is the second factor of this first session.
    return home(shop.openSession(user, true, request.headers.get('cookie')));
  },

  async 'POST /sign-in'(request, { accounts }) {
    const { name, password } = Object.fromEntries(await request.formData());
    const user = await shop.checkPassword(name, password);
    const enough = !twoFactorRequired(twoFactor, await accounts.contacts(user.id));
    return home(shop.openSession(user, enough, request.headers.get('cookie')));
  },

  async 'POST /second-factor'(request, { jwks }) {
    const { proof } = Object.fromEntries(await request.formData());
    const session = shop.demandSession(request.headers.get('cookie'));
    const { jti } = await verifyProof(proof, { jwks, audience, purpose: 'two-factor', subject: session.id });
    shop.once(jti);
    return home(shop.openSession(session, true, request.headers.get('cookie')));
  },

  async 'POST /sign-out'(request) {
    return home(shop.closeSession(request.headers.get('cookie')));
  },
};

export default {
  async fetch(request, env) {
    const { pathname } = new URL(request.url);
    const route = routes[`${request.method} ${pathname}`];
    try {
      if (pathname.startsWith('/verify/')) return await (await (made ??= make(env))).verify(request);
      return route ? await route(request, await (made ??= make(env))) : await env.ASSETS.fetch(request);
    } catch (error) {
      // Only these two errors have messages for the person.
      const known = error instanceof shop.Refused || error instanceof ProofError;
      return new Response(known ? error.message : 'Something went wrong.', { status: known ? 422 : 500 });
    }
  },
};

function home(cookie) {
  return new Response(null, { status: 303, headers: { location: '/', 'set-cookie': cookie } });
}

/** The backend of both elements, and what the routes need of it. Runs on the server only. */
import * as shop from 'shop';
import { createHandler, generateKeys, memoryAccounts, ProofError, verifyProof } from 'verify-contact/server';

export const twoFactor = { required: 'always', email: false };
const audience = 'https://shop.example';

// Next.js bundles each route separately, so a module may exist twice. The routes share their state here.
globalThis.shopVerify ??= make();

/** `{ accounts, verify, proven }`. The first request makes it, because a build has no settings. */
export const verification = () => globalThis.shopVerify();

function make() {
  let made;
  return () => (made ??= create());
}

async function create() {
  const { env } = process;
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
    // A route handler sees no connection. Use a header only if your proxy or your hosting provider overwrites it.
    clientAddress: (request) => request.headers.get('x-forwarded-for'),
  });
  const jwks = await (await verify(new Request('http://localhost/verify/jwks.json'))).json();
  return {
    accounts,
    verify,
    /** Returns the claims of a proof, and accepts each proof once. */
    async proven(proof, purpose, subject) {
      const claims = await verifyProof(proof, { jwks, audience, purpose, subject });
      shop.once(claims.jti);
      return claims;
    },
  };
}

/** A route for a form: `act` returns the new cookie. Only two kinds of errors have messages for the person. */
export const formRoute = (act) => async (request) => {
  try {
    const fields = Object.fromEntries(await request.formData());
    const cookie = await act(fields, request.headers.get('cookie'));
    return new Response(null, { status: 303, headers: { location: '/', 'set-cookie': cookie } });
  } catch (error) {
    const known = error instanceof shop.Refused || error instanceof ProofError;
    return new Response(known ? error.message : 'Something went wrong.', { status: known ? 422 : 500 });
  }
};

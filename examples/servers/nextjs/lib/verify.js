/** The backend of both elements, and what the routes ask of it. For the server alone. */
import * as shop from 'shop';
import { createHandler, generateKeys, memoryAccounts, ProofError, verifyProof } from 'verify-contact/server';

export const twoFactor = { required: 'always', email: false };
const audience = 'https://shop.example';

// Next.js bundles each route by itself, so that a module may be there twice; what they share hangs here.
globalThis.shopVerify ??= make();

/** `{ accounts, verify, proven }`, once it is there. It is made by the first request: a build has no settings. */
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
    // A route sees no connection. Right where a proxy of yours, or your host's, writes this header anew.
    clientAddress: (request) => request.headers.get('x-forwarded-for'),
  });
  const jwks = await (await verify(new Request('http://localhost/verify/jwks.json'))).json();
  return {
    accounts,
    verify,
    /** What a proof says; it serves once. */
    async proven(proof, purpose, subject) {
      const claims = await verifyProof(proof, { jwks, audience, purpose, subject });
      shop.once(claims.jti);
      return claims;
    },
  };
}

/** A route for a form: `act` answers the new cookie. Two kinds of errors have messages for the person; so has nothing else. */
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

/** An application on Bun's or Deno's own server, with both journeys: the backend under /verify/, and two routes that act on proofs. Not a test. */
import process from 'node:process';

const [library = '', settings = ''] = process.argv.slice(2);
/** @type {typeof import('../../src/server/index.js')} */
const { createHandler, memoryAccounts, verifyProof } = await import(library);
const { twilio, keys } = JSON.parse(settings);
const audience = 'https://shop.example';
const accounts = memoryAccounts();

/** @param {Request} request */
const userOf = (request) => /user=(\w+)/.exec(request.headers.get('cookie') ?? '')?.[1] ?? null;

const verify = createHandler({
  twilio,
  keys,
  audience,
  accounts,
  anonymous: true,
  twoFactor: { required: 'always' },
  identify(request) {
    const id = userOf(request);
    return id === null ? null : { id };
  },
  onEvent: (event) => console.log(JSON.stringify(event)),
});
await verify.ready();

/**
 * @param {Request} request
 * @param {string | undefined} address
 */
async function respond(request, address) {
  const { pathname } = new URL(request.url);
  if (pathname.startsWith('/verify/')) return await verify(request, { address });
  const { user, proof } = await request.json();
  const jwks = await (await verify(new Request(new URL('/verify/jwks.json', request.url)))).json();
  try {
    if (pathname === '/sign-up') {
      const { contact } = await verifyProof(proof, { jwks, audience, purpose: 'contact', subject: null });
      if (!contact) throw new Error('The proof names no contact.');
      await accounts.contactVerified(user, contact);
    } else {
      await verifyProof(proof, { jwks, audience, purpose: 'two-factor', subject: userOf(request) });
    }
    return new Response('welcome');
  } catch (error) {
    return new Response(error instanceof Error ? error.message : '', { status: 422 });
  }
}

const { Bun, Deno } = /** @type {any} */ (globalThis);
const port = Bun
  ? Bun.serve({
      port: 0,
      hostname: '127.0.0.1',
      /** @type {(request: Request, server: any) => Promise<Response>} */
      fetch: (request, server) => respond(request, server.requestIP(request)?.address),
    }).port
  : Deno.serve(
      { port: 0, hostname: '127.0.0.1', onListen() {} },
      /** @type {(request: Request, info: any) => Promise<Response>} */
      (request, info) => respond(request, info.remoteAddr.hostname),
    ).addr.port;
console.log(`listens on http://127.0.0.1:${port}`);

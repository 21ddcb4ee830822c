/** The demo's whole server as one function: sign-up, sign-in, the backend under /verify, and the emulator's outbox. It listens on nothing. */
import { Hono } from 'hono';
import { createHandler, generateKeys, memoryAccounts, twoFactorRequired, verifyProof } from '../../src/server/index.js';
import type { Connection, ProofExpectation } from '../../src/server/index.js';
import type { Environment } from '../../src/cli/environment.js';
import { chooseProvider, type Provider } from './provider.js';
import { Sessions, type Session } from './sessions.js';
import { Users, type User } from './users.js';

/** What `GET /session` answers, and every route that changes the session. */
export interface SessionView {
  provider: Provider['name'];
  sentence: string;
  warning?: string;
  /** The account that was made at the start, if the emulator serves. */
  seeded?: { name: string; password: string; phone: string; email: string };
  /** Null while nobody has given a password. */
  user: { name: string; phone?: string; email?: string; signedIn: boolean } | null;
}

/** The running demo. */
export interface Host {
  fetch(request: Request, connection?: Connection): Promise<Response>;
  provider: Provider;
}

const audience = 'verify-contact demo';
const policy = { required: 'always', email: true } as const;
const seed = { name: 'ada', password: 'analytical', phone: '+14155552671', email: 'ada@example.com' };

/** Starts the demo's host. Throws `SettingsError` where the environment names half a Twilio account. */
export async function createHost(env: Environment): Promise<Host> {
  const provider = chooseProvider(env);
  const accounts = memoryAccounts();
  const users = new Users();
  const sessions = new Sessions();
  const spentProofs = new Set<string>();
  const keys = await generateKeys();
  const backend = createHandler({
    twilio: provider.twilio,
    keys,
    audience,
    accounts,
    twoFactor: policy,
    anonymous: true,
    // Whoever plays with the demo comes from one address, again and again; with the emulator that costs nobody anything.
    limits: provider.emulator ? { sends: { address: false } } : {},
    // The warning is on the page already.
    onEvent: (event) => {
      if (event.type === 'unavailable' || event.type === 'misconfigured') console.error(JSON.stringify(event));
    },
    identify: (request) => {
      const session = sessions.of(request);
      return session && { id: session.userId, secondFactor: session.secondFactor };
    },
  });
  // With the real Twilio there is no such account: the number belongs to nobody here.
  if (provider.emulator) {
    const user = await users.add(seed.name, seed.password);
    if (user) {
      await accounts.verified(user.id, { type: 'phone', value: seed.phone });
      await accounts.verified(user.id, { type: 'email', value: seed.email });
    }
  }

  const view = async (session: Session | null): Promise<SessionView> => {
    const user = session && users.get(session.userId);
    const { phone, email } = user ? await accounts.contacts(user.id) : {};
    return {
      provider: provider.name,
      sentence: provider.sentence,
      ...(provider.warning ? { warning: provider.warning } : {}),
      ...(provider.emulator ? { seeded: seed } : {}),
      user: session && user && { name: user.name, phone, email, signedIn: session.secondFactor },
    };
  };
  const opened = async (request: Request, user: User, secondFactor: boolean) => {
    const session = { userId: user.id, secondFactor };
    return Response.json(await view(session), { headers: { 'Set-Cookie': sessions.open(request, session) } });
  };
  /** The contact that a proof stands for, once; null for a proof that is false, spent or somebody else's. */
  const proven = async (proof: string, purpose: 'contact' | 'two-factor', subject: string | null) => {
    const jwks = (await (
      await backend(new Request('http://demo/verify/jwks.json'))
    ).json()) as ProofExpectation['jwks'];
    const claims = await verifyProof(proof, { jwks, audience, purpose, subject }).catch(() => null);
    if (!claims || spentProofs.has(claims.jti)) return null;
    spentProofs.add(claims.jti);
    return claims;
  };

  const app = new Hono();
  app.use('/session/*', fromOurPage);
  app.use('/users', fromOurPage);

  app.get('/session', async ({ req }) => Response.json(await view(sessions.of(req.raw))));

  app.post('/users', async ({ req }) => {
    const { name, password, proof } = await fields(req.raw, ['name', 'password', 'proof']);
    if (users.has(name)) return refusal(409, 'This name is taken.');
    if (password.length < 8) return refusal(422, 'The password needs eight characters or more.');
    const claims = await proven(proof, 'contact', null);
    if (!claims?.contact) return refusal(422, 'The contact is not verified any more; please verify it again.');
    const user = await users.add(name, password);
    if (!user) return refusal(409, 'This name is taken.');
    await accounts.verified(user.id, claims.contact);
    // The code that was just given is the second factor of this first session.
    return opened(req.raw, user, true);
  });

  app.post('/session', async ({ req }) => {
    const { name, password } = await fields(req.raw, ['name', 'password']);
    const user = await users.signIn(name, password);
    if (!user) return refusal(401, 'Name and password do not match.');
    // The server decides whether two-factor is owed; the element's event only shows it.
    return opened(req.raw, user, !twoFactorRequired(policy, await accounts.contacts(user.id)));
  });

  app.post('/session/second-factor', async ({ req }) => {
    const { proof } = await fields(req.raw, ['proof']);
    const user = users.get(sessions.of(req.raw)?.userId ?? '');
    if (!user || !(await proven(proof, 'two-factor', user.id))) return refusal(401, 'Please sign in again.');
    return opened(req.raw, user, true);
  });

  app.delete('/session', async ({ req }) =>
    Response.json(await view(null), { headers: { 'Set-Cookie': sessions.close(req.raw) } }),
  );

  app.get('/__emulator/outbox', ({ req }) => provider.emulator?.fetch(req.raw) ?? refusal(404, 'No emulator serves.'));
  app.get(
    '/__emulator/outbox/*',
    ({ req }) => provider.emulator?.fetch(req.raw) ?? refusal(404, 'No emulator serves.'),
  );
  app.onError((error) => (error instanceof BadFields ? refusal(400, error.message) : refusal(500, 'The demo failed.')));

  return {
    provider,
    fetch: async (request, connection) =>
      new URL(request.url).pathname.startsWith('/verify/') ? backend(request, connection) : app.fetch(request),
  };
}

class BadFields extends Error {}

async function fields<const Name extends string>(request: Request, names: readonly Name[]) {
  const body: unknown = await request.json().catch(() => null);
  const values = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
  return Object.fromEntries(
    names.map((name) => {
      const value = values[name];
      if (typeof value !== 'string' || value === '' || value.length > 4096) throw new BadFields(`${name} is missing.`);
      return [name, value];
    }),
  ) as Record<Name, string>;
}

/** Another page can neither send JSON here nor hide where it comes from (OWASP CSRF cheat sheet, Fetch Metadata). */
async function fromOurPage({ req }: { req: { raw: Request } }, next: () => Promise<void>): Promise<Response | void> {
  const { headers, method } = req.raw;
  const site = headers.get('sec-fetch-site') ?? 'same-origin';
  const isJson = headers.get('content-type') === 'application/json';
  if (method !== 'GET' && (site !== 'same-origin' || (method !== 'DELETE' && !isJson))) {
    return refusal(403, 'This request does not come from our page.');
  }
  await next();
}

function refusal(status: number, sentence: string): Response {
  return Response.json({ sentence }, { status });
}

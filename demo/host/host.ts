/** One application of the demo as one function: sign-up, sign-in, the backend under /verify, and the emulator's outbox. Opens no port. */
import { Hono } from 'hono';
import {
  createHandler,
  generateKeys,
  memoryAccounts,
  memoryStore,
  twoFactorRequired,
  verifyProof,
} from '../../src/server/index.js';
import type { PeerConnection, Handler, VerifyProofOptions, TwoFactorPolicy } from '../../src/server/index.js';
import { addControls } from './controls.js';
import type { Provider } from './provider.js';
import { Receipts } from './receipts.js';
import { BadFields, fields, fromOurPage, refusal } from './requests.js';
import { Sessions, type Session } from './sessions.js';
import { Users } from './users.js';

/** The result of `GET /session`, and of every route that changes the session. */
export interface SessionView {
  provider: Provider['name'];
  sentence: string;
  /** The account that exists from the start, with the emulator only. */
  seeded?: typeof seed;
  /** Null before the right password. */
  user: { name: string; phone?: string; email?: string; signedIn: boolean } | null;
  /** The id of the receipt for the proof that opened the account: `/receipts/{id}`. */
  receipt?: string;
}

/** One application: its users, its limits and, with the emulator, its messages and its clock. */
export type Host = (request: Request, connection?: PeerConnection) => Promise<Response>;

const audience = 'verify-contact demo';
const policies = ['always', 'by-account', 'never'] as const;
const policyOf = (required: TwoFactorPolicy['required']): TwoFactorPolicy => ({ required, email: true });
/** Ada's account requires two-factor and Grace's does not, which matters for the policy `by-account`. */
const seed = { name: 'ada', password: 'analytical', phone: '+14155552671', email: 'ada@example.com' };
const others = [{ name: 'grace', password: 'analytical', phone: '+14155552670', email: 'grace@example.com' }];

/** The users that exist from the start. Hashing their passwords takes longer than all else, so it is done once for all hosts. */
export async function seededUsers(): Promise<Users> {
  const users = new Users();
  for (const { name, password } of [seed, ...others]) await users.add(name, password);
  return users;
}

/** Creates an application with these users. With the real Twilio there are none, because the numbers of ours are not real. */
export async function createHost(provider: Provider, users: Users): Promise<Host> {
  const accounts = memoryAccounts();
  const sessions = new Sessions();
  const receipts = new Receipts();
  const consumedProofs = new Set<string>();
  const keys = await generateKeys();
  const { now } = provider;
  const store = memoryStore();
  const backends = Object.fromEntries(
    policies.map((required) => {
      const backend = createHandler({
        twilio: provider.twilio,
        keys,
        audience,
        accounts,
        store,
        now,
        twoFactor: policyOf(required),
        anonymous: true,
        // A visitor sends many codes from one address. With the emulator they cost nothing.
        limits: provider.emulator ? { sends: { address: false } } : {},
        onEvent: (event) => {
          if (event.type === 'unavailable' || event.type === 'misconfigured') console.error(JSON.stringify(event));
        },
        identify: (request) => {
          const session = isSignUp(request) ? null : sessions.of(request);
          return session && { id: session.userId, secondFactor: session.secondFactor };
        },
      });
      return [required, backend];
    }),
  ) as Record<TwoFactorPolicy['required'], Handler>;
  const jwks = (await (
    await backends.always(new Request('http://demo/verify/jwks.json'))
  ).json()) as VerifyProofOptions['jwks'];
  for (const { name, phone, email } of [seed, ...others]) {
    const user = users.named(name);
    if (!user) continue;
    await accounts.contactVerified(user.id, { type: 'phone', value: phone });
    await accounts.contactVerified(user.id, { type: 'email', value: email });
    await accounts.setTwoFactorRequired(user.id, name === seed.name);
  }

  const view = async (session: Session | null): Promise<SessionView> => {
    const user = session && users.get(session.userId);
    const { phone, email } = user ? await accounts.contacts(user.id) : {};
    return {
      provider: provider.name,
      sentence: provider.sentence,
      ...(provider.emulator ? { seeded: seed } : {}),
      user: session && user && { name: user.name, phone, email, signedIn: session.secondFactor },
    };
  };
  const opened = async (request: Request, session: Session, more: Partial<SessionView> = {}) => {
    const headers = { 'Set-Cookie': sessions.open(request, session) };
    return Response.json({ ...(await view(session)), ...more }, { headers });
  };
  /** Verifies a proof and consumes it. Returns null if it is invalid, already consumed, or another user's. */
  const consumeProof = async (proof: string, purpose: 'contact' | 'two-factor', subject: string | null) => {
    const claims = await verifyProof(proof, { jwks, audience, purpose, subject, now }).catch(() => null);
    if (!claims || consumedProofs.has(claims.jti)) return null;
    consumedProofs.add(claims.jti);
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
    const claims = await consumeProof(proof, 'contact', null);
    if (!claims?.contact) return refusal(422, 'The contact is not verified any more; please verify it again.');
    const user = await users.add(name, password);
    if (!user) return refusal(409, 'This name is taken.');
    await accounts.contactVerified(user.id, claims.contact);
    // The code that was just entered is the second factor of this first session.
    const session = { userId: user.id, secondFactor: true, policy: 'always' } as const;
    return opened(req.raw, session, { receipt: receipts.keep(proof, claims) });
  });

  app.post('/session', async ({ req }) => {
    const { name, password } = await fields(req.raw.clone(), ['name', 'password']);
    const policy = provider.emulator ? await readPolicy(req.raw) : 'always';
    const user = await users.signIn(name, password);
    if (!user) return refusal(401, 'Name and password do not match.');
    // The server decides whether two-factor is required. The element's event only shows it.
    const isRequired = twoFactorRequired(policyOf(policy), await accounts.contacts(user.id));
    return opened(req.raw, { userId: user.id, secondFactor: !isRequired, policy });
  });

  app.post('/session/second-factor', async ({ req }) => {
    const { proof } = await fields(req.raw, ['proof']);
    const session = sessions.of(req.raw);
    if (!session || !(await consumeProof(proof, 'two-factor', session.userId)))
      return refusal(401, 'Please sign in again.');
    return opened(req.raw, { ...session, secondFactor: true });
  });

  app.delete('/session', async ({ req }) =>
    Response.json(await view(null), { headers: { 'Set-Cookie': sessions.close(req.raw) } }),
  );

  app.get('/receipts/:id', async ({ req }) => {
    const expected = { jwks, audience, purpose: 'contact', subject: null, now } as const;
    const receipt = await receipts.read(req.param('id'), expected);
    return receipt ? Response.json(receipt) : refusal(404, 'There is no such receipt.');
  });

  if (provider.emulator && provider.calls) addControls(app, provider.emulator, provider.calls);
  // A page may read and empty the outbox. The rest of the emulator's control plane stays closed.
  app.on(
    ['GET', 'DELETE'],
    ['/__emulator/outbox', '/__emulator/outbox/*'],
    ({ req }) => provider.emulator?.fetch(req.raw) ?? refusal(404, 'No emulator serves.'),
  );
  app.onError((error) => (error instanceof BadFields ? refusal(400, error.message) : refusal(500, 'The demo failed.')));

  return async (request, connection) => {
    if (!/^\/(sign-up\/)?verify\//.test(new URL(request.url).pathname)) return app.fetch(request);
    return backends[sessions.of(request)?.policy ?? 'always'](request, connection);
  };
}

/** Whether a request belongs to sign-up. Its user is anonymous, even if another form of the same page has signed somebody in. */
function isSignUp(request: Request): boolean {
  return new URL(request.url).pathname.startsWith('/sign-up/');
}

/** The policy that the visitor has chosen. */
async function readPolicy(request: Request): Promise<TwoFactorPolicy['required']> {
  const { policy } = (await request.json()) as { policy?: unknown };
  return policies.find((one) => one === policy) ?? 'always';
}

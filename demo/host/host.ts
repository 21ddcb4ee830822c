/** The demo's whole server as one function: sign-up, sign-in, the backend under /verify, and the emulator's outbox. It listens on nothing. */
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
import type { Environment } from '../../src/cli/settings/twilio-settings.js';
import { addControls } from './controls.js';
import { chooseProvider, type Provider } from './provider.js';
import { Receipts } from './receipts.js';
import { BadFields, fields, fromOurPage, refusal } from './requests.js';
import { Sessions, type Session } from './sessions.js';
import { Users } from './users.js';

/** What `GET /session` answers, and every route that changes the session. */
export interface SessionView {
  provider: Provider['name'];
  sentence: string;
  warning?: string;
  /** The account that was made at the start, if the emulator serves. */
  seeded?: typeof seed;
  /** Null while nobody has given a password. */
  user: { name: string; phone?: string; email?: string; signedIn: boolean } | null;
  /** Where the server's view of the proof is that opened the account: `/receipts/` and this. */
  receipt?: string;
}

/** The running demo. */
export interface Host {
  fetch(request: Request, connection?: PeerConnection): Promise<Response>;
  provider: Provider;
}

const audience = 'verify-contact demo';
const policies = ['always', 'by-account', 'never'] as const;
const policyOf = (required: TwoFactorPolicy['required']): TwoFactorPolicy => ({ required, email: true });
/** Ada's account asks for two-factor, Grace's does not: policy `by-account` tells them apart. */
const seed = { name: 'ada', password: 'analytical', phone: '+14155552671', email: 'ada@example.com' };
const others = [{ name: 'grace', password: 'analytical', phone: '+14155552670', email: 'grace@example.com' }];

/** Starts the demo's host. Throws `SettingsError` where the environment names half a Twilio account. */
export async function createHost(env: Environment): Promise<Host> {
  const provider = chooseProvider(env);
  const accounts = memoryAccounts();
  const users = new Users();
  const sessions = new Sessions();
  const receipts = new Receipts();
  const spentProofs = new Set<string>();
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
        // Whoever plays with the demo comes from one address, again and again; with the emulator that costs nobody anything.
        limits: provider.emulator ? { sends: { address: false } } : {},
        // The warning is on the page already.
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
  // With the real Twilio there is no such account: the number belongs to nobody here.
  for (const { name, password, phone, email } of provider.emulator ? [seed, ...others] : []) {
    const user = await users.add(name, password);
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
      ...(provider.warning ? { warning: provider.warning } : {}),
      ...(provider.emulator ? { seeded: seed } : {}),
      user: session && user && { name: user.name, phone, email, signedIn: session.secondFactor },
    };
  };
  const opened = async (request: Request, session: Session, more: Partial<SessionView> = {}) => {
    const headers = { 'Set-Cookie': sessions.open(request, session) };
    return Response.json({ ...(await view(session)), ...more }, { headers });
  };
  /** The contact that a proof stands for, once; null for a proof that is false, spent or somebody else's. */
  const proven = async (proof: string, purpose: 'contact' | 'two-factor', subject: string | null) => {
    const claims = await verifyProof(proof, { jwks, audience, purpose, subject, now }).catch(() => null);
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
    await accounts.contactVerified(user.id, claims.contact);
    // The code that was just given is the second factor of this first session.
    const session = { userId: user.id, secondFactor: true, policy: 'always' } as const;
    return opened(req.raw, session, { receipt: receipts.keep(proof, claims) });
  });

  app.post('/session', async ({ req }) => {
    const { name, password } = await fields(req.raw.clone(), ['name', 'password']);
    const policy = provider.emulator ? await chosenPolicy(req.raw) : 'always';
    const user = await users.signIn(name, password);
    if (!user) return refusal(401, 'Name and password do not match.');
    // The server decides whether two-factor is owed; the element's event only shows it.
    const owed = twoFactorRequired(policyOf(policy), await accounts.contacts(user.id));
    return opened(req.raw, { userId: user.id, secondFactor: !owed, policy });
  });

  app.post('/session/second-factor', async ({ req }) => {
    const { proof } = await fields(req.raw, ['proof']);
    const session = sessions.of(req.raw);
    if (!session || !(await proven(proof, 'two-factor', session.userId))) return refusal(401, 'Please sign in again.');
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
  // To be read and to be emptied; the rest of the emulator's control plane stays closed.
  app.on(
    ['GET', 'DELETE'],
    ['/__emulator/outbox', '/__emulator/outbox/*'],
    ({ req }) => provider.emulator?.fetch(req.raw) ?? refusal(404, 'No emulator serves.'),
  );
  app.onError((error) => (error instanceof BadFields ? refusal(400, error.message) : refusal(500, 'The demo failed.')));

  return {
    provider,
    fetch: async (request, connection) => {
      if (!/^\/(sign-up\/)?verify\//.test(new URL(request.url).pathname)) return app.fetch(request);
      return backends[sessions.of(request)?.policy ?? 'always'](request, connection);
    },
  };
}

/** Who signs up is nobody yet, whoever another part of the same page has signed in. */
function isSignUp(request: Request): boolean {
  return new URL(request.url).pathname.startsWith('/sign-up/');
}

/** The policy that the visitor has chosen to try. */
async function chosenPolicy(request: Request): Promise<TwoFactorPolicy['required']> {
  const { policy } = (await request.json()) as { policy?: unknown };
  return policies.find((one) => one === policy) ?? 'always';
}

/** The demo's server: with the emulator every visitor has an application of their own, so that nobody uses up the limits of others. */
import { randomBytes } from 'node:crypto';
import type { PeerConnection } from '../../src/server/index.js';
import type { Environment } from '../../src/cli/settings/parse-settings.js';
import { createHost, seededUsers, type Host } from './host.js';
import { chooseProvider } from './provider.js';
import { cookieOf, fromOurPage, refusal } from './requests.js';
import { Users } from './users.js';

/** The running demo. */
export interface Demo {
  fetch(request: Request, connection?: PeerConnection): Promise<Response>;
  /** Who sends the messages, for the terminal. */
  sentence: string;
}

const cookie = 'demo_visitor';
const cleared = `${cookie}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0`;
/** Of more visitors than these, the ones who came first start anew. */
const MAX_VISITORS = 100;

/** Creates the demo. Throws `SettingsError` if the environment names only half a Twilio account. */
export async function createDemo(env: Environment): Promise<Demo> {
  const provider = chooseProvider(env);
  const { sentence } = provider;
  // The real Twilio costs money, and a limit that a new cookie lifts would be none: there, everybody shares one application.
  if (!provider.emulator) return { sentence, fetch: await createHost(provider, new Users()) };

  const users = await seededUsers();
  const hosts = new Map<string, Promise<Host>>();
  const open = (): [string, Promise<Host>] => {
    const id = randomBytes(32).toString('base64url');
    const host = createHost(chooseProvider(env), users.copy());
    hosts.set(id, host);
    const [first] = hosts.keys();
    if (hosts.size > MAX_VISITORS && first !== undefined) hosts.delete(first);
    return [id, host];
  };
  const startAnew = async (request: Request): Promise<Response> => {
    const refused = await fromOurPage({ req: { raw: request } }, async () => {
      hosts.delete(cookieOf(request, cookie));
    });
    return refused ?? Response.json({}, { headers: { 'Set-Cookie': cleared } });
  };

  return {
    sentence,
    fetch: async (request, connection) => {
      if (new URL(request.url).pathname === '/visitor')
        return request.method === 'DELETE' ? startAnew(request) : refusal(405, 'Only DELETE is served here.');
      const known = hosts.get(cookieOf(request, cookie));
      if (known) return (await known)(request, connection);
      const [id, host] = open();
      const response = await (await host)(request, connection);
      const headers = new Headers(response.headers);
      headers.append('Set-Cookie', `${cookie}=${id}; Path=/; HttpOnly; SameSite=Lax`);
      return new Response(response.body, { status: response.status, headers });
    },
  };
}

/** The doctor's tests of the store, the accounts and the issuer of bearer tokens. */
import { randomUUID } from 'node:crypto';
import { AccountsError, type HandlerOptions } from '../../server/index.js';
import { isClusterNode } from '../../server/internals.js';
import type { ServeSettings } from '../settings/handler-settings.js';
import type { Settings } from '../settings/settings-schema.js';
import { nameUniqueContacts } from '../settings/variable-names.js';
import { advise, fix, pass, type Diagnostic } from './diagnostic.js';

/** Writes, reads and removes a record in the store, and looks up an unknown user in the accounts. */
export function storeDiagnostics({ settings, handler: { store, accounts } }: ServeSettings): Diagnostic[] {
  const diagnostics: Diagnostic[] = [
    {
      title: `Store (${settings.VERIFY_STORE.kind})`,
      async run() {
        const start = performance.now();
        const [key, now] = [`doctor-${randomUUID()}`, Date.now()];
        await store.ready();
        const before = await store.setIfAbsent(key, 'here', 10, now);
        const after = await store.get(key, now);
        await store.compareAndSet(key, 'here', null, 0, now);
        if (before !== null || after !== 'here') return [fix('it does not return what was written')];
        const passed = pass(`writes, reads and removes, in ${Math.ceil(performance.now() - start)} ms`);
        return (await isLoneNode(settings)) ? [passed, loneNode] : [passed];
      },
    },
  ];
  if (accounts) {
    diagnostics.push({
      title: `Accounts (${settings.VERIFY_ACCOUNTS?.kind})`,
      async run() {
        try {
          await accounts.contacts(`doctor-${randomUUID()}`);
        } catch (error) {
          if (!(error instanceof AccountsError)) throw error;
          return [fix(`VERIFY_ACCOUNTS${hostOf(settings)}: ${nameUniqueContacts(error.message)}`)];
        }
        return [pass('they answer, and their tables exist')];
      },
    });
  }
  return diagnostics;
}

const loneNode = advise(
  'VERIFY_STORE names one node of a Redis Cluster, which works until its keys move to another node: name several nodes, as in cluster:redis://…,redis://….',
);

const isLoneNode = async ({ VERIFY_STORE: store, VERIFY_STORE_TIMEOUT: timeout }: Settings): Promise<boolean> =>
  store.kind === 'redis' && !store.url.startsWith('cluster:') && (await isClusterNode(store.url, timeout));

/** The host of the database, without user and password. */
function hostOf({ VERIFY_ACCOUNTS: place }: ServeSettings['settings']): string {
  return place?.kind === 'postgres' && URL.canParse(place.url) ? ` (${new URL(place.url).host})` : '';
}

/** Whether the issuer's keys can be loaded. Without them, even a token with a false signature cannot be rejected. */
export function bearerDiagnostics({ identify }: HandlerOptions): Diagnostic[] {
  if (!identify) return [];
  return [
    {
      title: 'Keys of the bearer issuer',
      async run() {
        const segment = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
        const signature = Buffer.alloc(64).toString('base64url');
        const token = `${segment({ alg: 'ES256', kid: 'doctor' })}.${segment({ sub: 'doctor' })}.${signature}`;
        const request = new Request('http://localhost/contact', { headers: { authorization: `Bearer ${token}` } });
        try {
          await identify(request);
          return [pass('they can be loaded')];
        } catch {
          return [fix('they cannot be loaded from VERIFY_BEARER_JWKS: no user could be identified')];
        }
      },
    },
  ];
}

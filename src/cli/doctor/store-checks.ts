/** The doctor's questions to what keeps counters, records and accounts, and to the issuer of bearer tokens. */
import { randomUUID } from 'node:crypto';
import type { HandlerOptions } from '../../server/index.js';
import type { Environment } from '../settings/twilio-settings.js';
import { fix, pass, type Diagnostic } from './findings.js';
import type { ServeSettings } from '../settings/handler-settings.js';

/** A store is asked to keep something and to give it back; the accounts are asked about nobody. */
export function storeDiagnostics(env: Environment, { store, accounts }: ServeSettings['handler']): Diagnostic[] {
  const kind = (env.VERIFY_STORE || 'memory').split(':')[0];
  const questions: Diagnostic[] = [
    {
      title: `Store (${kind})`,
      async run() {
        const from = performance.now();
        const [key, now] = [`doctor-${randomUUID()}`, Date.now()];
        await store.ready();
        const before = await store.setIfAbsent(key, 'here', 10, now);
        const after = await store.get(key, now);
        await store.compareAndSet(key, 'here', null, 0, now);
        if (before !== null || after !== 'here') return [fix('it does not give back what it was given')];
        return [pass(`writes, reads and removes, in ${Math.ceil(performance.now() - from)} ms`)];
      },
    },
  ];
  if (accounts) {
    questions.push({
      title: `Accounts (${env.VERIFY_ACCOUNTS?.split(':')[0]})`,
      async run() {
        await accounts.contacts(`doctor-${randomUUID()}`);
        return [pass('they answer, and their tables are there')];
      },
    });
  }
  return questions;
}

/** Whether the issuer's keys can be loaded: a token that nobody signed is recognised as nobody's only with them. */
export function bearerDiagnostics({ identify }: HandlerOptions): Diagnostic[] {
  if (!identify) return [];
  return [
    {
      title: 'Keys of the bearer issuer',
      async run() {
        const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
        const signature = Buffer.alloc(64).toString('base64url');
        const token = `${part({ alg: 'ES256', kid: 'doctor' })}.${part({ sub: 'doctor' })}.${signature}`;
        const request = new Request('http://localhost/contact', { headers: { authorization: `Bearer ${token}` } });
        try {
          await identify(request);
          return [pass('they can be loaded')];
        } catch {
          return [fix('they cannot be loaded from VERIFY_BEARER_JWKS: nobody could be recognised')];
        }
      },
    },
  ];
}

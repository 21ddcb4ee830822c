/** The doctor's questions to what keeps counters, records and accounts, and to the issuer of bearer tokens. */
import { randomUUID } from 'node:crypto';
import type { HandlerOptions } from '../../server/index.js';
import type { Environment } from '../settings/twilio-settings.js';
import { change, good, type Question } from './findings.js';
import type { ServeSettings } from '../settings/handler-settings.js';

/** A store is asked to keep something and to give it back; the accounts are asked about nobody. */
export function askStores(env: Environment, { store, accounts }: ServeSettings['handler']): Question[] {
  const kind = (env.VERIFY_STORE || 'memory').split(':')[0];
  const questions: Question[] = [
    {
      about: `Store (${kind})`,
      async ask() {
        const from = performance.now();
        const [key, now] = [`doctor-${randomUUID()}`, Date.now()];
        await store.ready();
        const before = await store.claim(key, 'here', 10, now);
        const after = await store.get(key, now);
        await store.swap(key, 'here', null, 0, now);
        if (before !== null || after !== 'here') return [change('it does not give back what it was given')];
        return [good(`writes, reads and removes, in ${Math.ceil(performance.now() - from)} ms`)];
      },
    },
  ];
  if (accounts) {
    questions.push({
      about: `Accounts (${env.VERIFY_ACCOUNTS?.split(':')[0]})`,
      async ask() {
        await accounts.contacts(`doctor-${randomUUID()}`);
        return [good('they answer, and their tables are there')];
      },
    });
  }
  return questions;
}

/** Whether the issuer's keys can be loaded: a token that nobody signed is recognised as nobody's only with them. */
export function askBearer({ identify }: HandlerOptions): Question[] {
  if (!identify) return [];
  return [
    {
      about: 'Keys of the bearer issuer',
      async ask() {
        const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
        const signature = Buffer.alloc(64).toString('base64url');
        const token = `${part({ alg: 'ES256', kid: 'doctor' })}.${part({ sub: 'doctor' })}.${signature}`;
        const request = new Request('http://localhost/contact', { headers: { authorization: `Bearer ${token}` } });
        try {
          await identify(request);
          return [good('they can be loaded')];
        } catch {
          return [change('they cannot be loaded from VERIFY_BEARER_JWKS: nobody could be recognised')];
        }
      },
    },
  ];
}

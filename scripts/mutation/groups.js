/** What is mutated, in groups, and the tests that each group is held against: the fast ones first, since the first failure ends a mutant. */

/**
 * @typedef {object} Group
 * @property {string[]} mutate files of `src/server`
 * @property {string[]} tests of `test`, in the order in which they run
 * @property {string} [store] the one kind of store that the suite of all stores runs on
 */

/** @type {Record<string, Group>} */
export const groups = {
  contact: { mutate: ['contact.ts', 'plain-text.ts'], tests: ['plain-text', 'contact', 'contact-address'] },
  tokens: {
    mutate: ['challenge.ts', 'proof.ts', 'hmac.ts'],
    tests: ['hmac', 'keys', 'challenge', 'proof-keys', 'proof'],
  },
  limits: { mutate: ['limits.ts', 'limit-options.ts'], tests: ['limit-options', 'limits-counters', 'limits'] },
  breaker: { mutate: ['breaker.ts'], tests: ['breaker'] },
  turn: { mutate: ['turn.ts'], tests: ['turn', 'sending'] },
  pool: { mutate: ['pool.ts'], tests: ['pool'] },
  memory: {
    mutate: ['window.ts', 'shelf.ts', 'memory.ts', 'table.ts', 'texts.ts'].map((name) => `store/${name}`),
    tests: ['window', 'texts', 'table', 'memory', 'store', 'sqlite', 'store-model'],
    store: 'memory',
  },
  sqlite: { mutate: ['store/sqlite.ts'], tests: ['sqlite', 'store', 'store-failure'], store: 'SQLite' },
  redis: {
    mutate: ['store/redis.ts', 'store/redis-scripts.ts', 'store/redis-connection.ts', 'store/store.ts'],
    tests: ['store', 'redis-connection', 'store-failure', 'store-model'],
    store: 'Redis',
  },
};

/** The group that `MUTATE` names. */
export const chosen = groups[process.env.MUTATE ?? ''];

/** What is mutated, in groups, and the tests that each group is held against: the fast ones first, since the first failure ends a mutant. */

/**
 * @typedef {object} Group
 * @property {string[]} mutate files of `src/server`
 * @property {string[]} tests of `test/unit/server`, in the order in which they run
 * @property {string} [store] the one kind of store that the suite of all stores runs on
 */

/** @param {string} room @param {string} names */
const within = (room, names) => names.split(' ').map((name) => `${room}/${name}`);

/** @type {Record<string, Group>} */
export const groups = {
  contacts: {
    mutate: within('contacts', 'parse-contact.ts format-contact.ts normalize-text.ts'),
    tests: within('contacts', 'normalize-text parse-contact format-contact email-address'),
  },
  tokens: {
    mutate: within('tokens', 'challenge-token.ts proof-claims.ts sign-proof.ts verify-proof.ts hmac.ts'),
    tests: within('tokens', 'hmac key-ring challenge-token proof-keys proof'),
  },
  limits: {
    mutate: within('limits', 'rate-limits.ts limit-options.ts'),
    tests: within('limits', 'limit-options counter-names rate-limits'),
  },
  'circuit-breaker': {
    mutate: within('twilio', 'circuit-breaker.ts'),
    tests: within('twilio', 'circuit-breaker'),
  },
  'send-lock': {
    mutate: within('verification/send', 'send-lock.ts'),
    tests: within('verification/send', 'send-lock send-code'),
  },
  'undici-transport': {
    mutate: within('twilio', 'undici-transport.ts'),
    tests: within('twilio', 'undici-transport'),
  },
  memory: {
    mutate: within('store', 'sliding-window.ts storage-adapter.ts memory.ts compact-map.ts string-arena.ts'),
    tests: within('store', 'sliding-window string-arena compact-map memory store sqlite store-model'),
    store: 'memory',
  },
  sqlite: {
    mutate: within('store', 'sqlite.ts'),
    tests: within('store', 'sqlite store store-failure'),
    store: 'SQLite',
  },
  redis: {
    mutate: within('store', 'redis.ts redis-scripts.ts redis-connection.ts store.ts'),
    tests: within('store', 'store redis-connection store-failure store-model'),
    store: 'Redis',
  },
};

/** The group that `MUTATE` names. */
export const chosen = groups[process.env.MUTATE ?? ''];

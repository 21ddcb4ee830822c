/** What is mutated, in groups, and the tests that each group is held against: the fast ones first, since the first failure ends a mutant. */

/**
 * @typedef {object} Group
 * @property {string[]} mutate files of `src`
 * @property {string[]} tests of `test`, without `.test.ts`, in the order in which they run
 * @property {string} [store] the one kind of store that the suite of all stores runs on
 */

/** @param {string} room @param {string} names */
const within = (room, names) => names.split(' ').map((name) => `${room}/${name}`);
/** @param {string} room @param {string} names */
const server = (room, names) => within(`server/${room}`, names);
/** @param {string} room @param {string} names */
const unit = (room, names) => within(`unit/${room}`, names);

/** @type {Record<string, Group>} */
export const groups = {
  contacts: {
    mutate: server('contacts', 'parse-contact.ts format-contact.ts mailbox-aliases.ts normalize-text.ts'),
    tests: unit('server/contacts', 'normalize-text parse-contact format-contact mailbox-aliases email-address'),
  },
  tokens: {
    mutate: server('tokens', 'challenge-token.ts sign-proof.ts verify-proof.ts hmac.ts'),
    tests: unit('server/tokens', 'hmac key-ring challenge-token proof-keys proof'),
  },
  limits: {
    mutate: server('limits', 'rate-limits.ts limit-options.ts check-counters.ts'),
    tests: unit('server/limits', 'limit-options counter-names rate-limits guess-budget'),
  },
  'circuit-breaker': {
    mutate: server('twilio', 'circuit-breaker.ts'),
    tests: unit('server/twilio', 'circuit-breaker'),
  },
  'send-lock': {
    mutate: server('verification/send', 'send-lock.ts'),
    tests: unit('server/verification/send', 'send-lock send-code'),
  },
  'undici-transport': {
    mutate: server('twilio', 'undici-transport.ts'),
    tests: unit('server/twilio', 'undici-transport'),
  },
  send: {
    mutate: [
      ...server('verification', 'poll-until.ts twilio-problem.ts verify-service.ts'),
      ...server('verification/send', 'send-code.ts send-failure.ts verification-state.ts'),
      ...server('verification/send', 'before-send-hook.ts line-type.ts'),
    ],
    tests: [
      ...unit('server/verification', 'twilio-problem poll-until'),
      ...unit('server/verification/send', 'send-waiting send-outcomes recovery foreign-start long-codes send-events'),
      ...unit('server/verification/send', 'send-failure resend-routes send-code before-send-hook line-type send-tries'),
      ...unit('server/verification/send', 'send-routes'),
      ...unit('attacks', 'strangers'),
    ],
  },
  check: {
    mutate: server('verification/check', 'check-code.ts check-outcome.ts idempotency.ts issue-proof.ts'),
    tests: [
      ...unit('server/verification/check', 'store-operations check-refusals check-events still-allowed'),
      ...unit('server/verification/check', 'resumed-attempt abandoned-attempt check-lock check-code idempotency'),
      ...unit('server', 'store/records verification/send/foreign-start'),
      ...unit('journeys', 'network'),
      ...unit('attacks', 'inherited-approval expiry replay'),
    ],
  },
  requester: {
    mutate: server('verification', 'requester.ts'),
    tests: [
      ...unit('server/verification', 'requester'),
      ...unit('journeys', 'two-factor'),
      ...unit('server', 'handler verification/send/send-routes'),
      ...unit('attacks', 'unreachable-factors second-factor'),
    ],
  },
  routes: {
    mutate: within('server', 'handler.ts verification/send/send-routes.ts'),
    tests: [
      ...unit('server', 'public-routes node http/request-body handler'),
      ...unit('server/verification/send', 'resend-routes recovery send-routes'),
      ...unit('journeys', 'two-factor verify-contact'),
      ...unit('attacks', 'cross-site unreachable-factors'),
    ],
  },
  memory: {
    mutate: server('store', 'sliding-window.ts storage-adapter.ts memory.ts compact-map.ts string-arena.ts'),
    tests: unit('server/store', 'sliding-window string-arena compact-map memory store sqlite store-model'),
    store: 'memory',
  },
  sqlite: {
    mutate: server('store', 'sqlite.ts'),
    tests: unit('server/store', 'sqlite store store-failure'),
    store: 'SQLite',
  },
  redis: {
    mutate: server('store', 'redis.ts redis-scripts.ts redis-connection.ts store.ts'),
    tests: unit('server/store', 'store redis-connection store-failure store-model'),
    store: 'Redis',
  },
  flow: {
    mutate: within(
      'flow',
      'state-machine.ts countdown.ts session-persistence.ts input-validation.ts type-guards.ts http-client.ts flow-controller.ts',
    ),
    tests: [
      ...unit('flow', 'state-machine session-persistence countdown flow-controller controller-navigation'),
      ...unit('flow', 'controller-restore'),
      ...within('isolated/flow', 'http-client broken-answers'),
    ],
  },
};

/** The group that `MUTATE` names. */
export const chosen = groups[process.env.MUTATE ?? ''];

/** The stores that attacks run against: each kind of store, and three instances of the backend on one Redis. */
import { redisStore } from '../../src/server/index.js';
import { onRedis, redisIsHere, startRedis, type RedisServer } from './redis.js';
import { createStack, type Stack, type StackOptions } from './backend-stack.js';
import { kinds, type StoreKind } from './stores.js';

/** One of them. `open` returns instances of the backend that share everything except their connections. */
export interface StoreVariant {
  name: string;
  skip: boolean;
  start(): Promise<void>;
  open(options?: StackOptions): Promise<[Stack, ...Stack[]]>;
  stop(): Promise<void>;
}

/** Waits in real time, since the clock of a test stands still. */
const wait = () => new Promise<void>((resolve) => setTimeout(resolve, 5));

function oneInstance(kind: StoreKind): StoreVariant {
  return { ...kind, open: async (options = {}) => [await createStack({ wait, ...options, store: kind.open() })] };
}

function threeInstances(): StoreVariant {
  let server: RedisServer | null = null;
  let count = 0;
  return {
    name: onRedis('three instances on one Redis'),
    skip: !redisIsHere,
    start: async () => void (server = await startRedis()),
    async open(options = {}) {
      const prefix = `{three ${count++}}:`;
      const store = () => redisStore({ url: server?.url ?? '', prefix, timeout: 5000 });
      const first = await createStack({ wait, ...options, store: store() });
      const other = () => createStack({ wait, ...options, sharing: first, store: store() });
      return [first, await other(), await other()];
    },
    stop: async () => server?.down(),
  };
}

/** Memory, SQLite, Redis, and three instances on one Redis. */
export const storeVariants = (): StoreVariant[] => [...kinds().map(oneInstance), threeInstances()];

/** The instance for the n-th request, as a load balancer chooses it. */
export function instanceAt<T>(of: readonly [T, ...T[]], n: number): T {
  return of[n % of.length] ?? of[0];
}

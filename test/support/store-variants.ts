/** Where the attacks that depend on the store take place: each kind of store, and three instances of the backend on one Redis. */
import { redisStore } from '../../src/server/index.js';
import { onRedis, redisIsHere, startRedis, type RedisServer } from './redis.js';
import { createStack, type Stack, type StackOptions } from './backend-stack.js';
import { kinds, type StoreKind } from './stores.js';

/** One place; `open` gives instances of the backend that share everything but their connections. */
export interface Scene {
  name: string;
  skip: boolean;
  start(): Promise<void>;
  open(options?: StackOptions): Promise<[Stack, ...Stack[]]>;
  stop(): Promise<void>;
}

/** Milliseconds of real time between two looks at a store, since the clock of a test stands still. */
const wait = () => new Promise<void>((resolve) => setTimeout(resolve, 5));

function alone(kind: StoreKind): Scene {
  return { ...kind, open: async (options = {}) => [await createStack({ wait, ...options, store: kind.open() })] };
}

function threeInstances(): Scene {
  let server: RedisServer | null = null;
  let scenes = 0;
  return {
    name: onRedis('three instances on one Redis'),
    skip: !redisIsHere,
    start: async () => void (server = await startRedis()),
    async open(options = {}) {
      const prefix = `{three ${scenes++}}:`;
      const store = () => redisStore({ url: server?.url ?? '', prefix, timeout: 5000 });
      const first = await createStack({ wait, ...options, store: store() });
      const other = () => createStack({ wait, ...options, sharing: first, store: store() });
      return [first, await other(), await other()];
    },
    stop: async () => server?.down(),
  };
}

/** Memory, SQLite, Redis, and three instances on one Redis. */
export const scenes = (): Scene[] => [...kinds().map(alone), threeInstances()];

/** Takes turns among instances, as a load balancer does. */
export function turn<T>(of: readonly [T, ...T[]], n: number): T {
  return of[n % of.length] ?? of[0];
}

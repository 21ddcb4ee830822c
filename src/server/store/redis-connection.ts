/** One connection to Redis that answers within a deadline or fails, and comes back by itself. It knows no counters. */
import type { createClient } from '@redis/client';
import { withTimeout } from '../runtime/deadline.js';
import { missingPackageError } from '../runtime/optional-package.js';
import type { Script } from './redis-scripts.js';
import { StoreError } from './store.js';

type Client = ReturnType<typeof createClient>;

/** Redis answers, but cannot serve us over this connection; a new one may do (after a failover, or a change of password). */
const FATAL_REPLIES = new Set(['READONLY', 'NOAUTH', 'WRONGPASS', 'NOPERM', 'MASTERDOWN']);

/** One attempt at a connection: it can be given up before it has come about. */
interface Attempt {
  client: Client | null;
  ready: Promise<Client>;
  dropped: boolean;
}

let driver: typeof import('@redis/client') | undefined;

/** Loaded when it is first needed, and outside every deadline: on a busy machine that takes longer than any answer of Redis. */
async function load(): Promise<typeof import('@redis/client')> {
  try {
    return (driver ??= await import('@redis/client'));
  } catch (failure) {
    const cause = missingPackageError('@redis/client', 'redisStore', failure);
    throw new StoreError('The driver of Redis cannot be loaded.', { cause });
  }
}

/** Connects when it is first needed; every failure is a {@link StoreError} within `timeout` milliseconds of the driver's being there. */
export class RedisConnection {
  readonly #url: string;
  readonly #timeout: number;
  #line: Attempt | null = null;
  #closed = false;

  constructor(url: string, timeout: number) {
    if (!/^rediss?:\/\//.test(url)) throw new TypeError('The URL of Redis begins with redis:// or rediss://.');
    this.#url = url;
    this.#timeout = timeout;
  }

  /** Carries out one script; the answer is what Redis replied. */
  async run(script: Script, keys: string[], args: string[]): Promise<unknown> {
    const { ErrorReply } = driver ?? (await load());
    if (this.#closed) throw new StoreError('The connection to Redis is closed.');
    const line = (this.#line ??= this.#open());
    try {
      return await withTimeout(evaluate(line, script, keys, args), this.#timeout, timeoutError);
    } catch (cause) {
      // After a silence the connection is given up: a half-open one would stay silent for a quarter of an hour.
      if (!(cause instanceof ErrorReply) || FATAL_REPLIES.has(cause.message.split(' ')[0]!)) this.#drop(line);
      throw cause instanceof StoreError ? cause : new StoreError('Redis cannot be asked.', { cause });
    }
  }

  close(): void {
    this.#closed = true;
    if (this.#line) this.#drop(this.#line);
  }

  #open(): Attempt {
    const ready = Promise.resolve().then(() => this.#connect(line));
    const line: Attempt = { client: null, ready, dropped: false };
    return line;
  }

  async #connect(line: Attempt): Promise<Client> {
    const client: Client = driver!.createClient({
      url: this.#url,
      // It does not reconnect by itself: the next question does, so that nothing waits in a queue that nobody empties.
      socket: { connectTimeout: this.#timeout, reconnectStrategy: false },
      disableOfflineQueue: true,
      disableClientInfo: true,
      maintNotifications: 'disabled',
    });
    line.client = client;
    client.on('error', () => this.#drop(line));
    // Destroyed while its socket is being opened, the client forgets the socket and leaves it open (seen with 6.3.1).
    client.on('connect', () => void (line.dropped && client.destroy()));
    await client.connect();
    return client;
  }

  #drop(line: Attempt): void {
    if (this.#line === line) this.#line = null;
    line.dropped = true;
    line.client?.destroy();
  }
}

const timeoutError = () => new StoreError('Redis did not answer in time.');

async function evaluate(line: Attempt, { lua, sha }: Script, keys: string[], args: string[]): Promise<unknown> {
  const client = await line.ready;
  const options = { keys, arguments: args };
  try {
    return await client.evalSha(sha, options);
  } catch (error) {
    // Redis was restarted, or has never seen this script.
    if (String(error).includes('NOSCRIPT')) return await client.eval(lua, options);
    throw error;
  }
}

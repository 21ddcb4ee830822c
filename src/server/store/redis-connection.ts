/** A connection to Redis with a deadline for each reply. It reconnects by itself, and knows nothing about counters. */
import { withTimeout } from '../runtime/deadline.js';
import { missingPackageError } from '../runtime/optional-package.js';
import type { Script } from './redis-scripts.js';
import { StoreError } from './store.js';

/** What a client of one server and a client of a cluster have in common. */
interface Client {
  connect(): Promise<unknown>;
  destroy(): void;
  evalSha(sha: string, options: ScriptOptions): Promise<unknown>;
  eval(lua: string, options: ScriptOptions): Promise<unknown>;
}

interface ScriptOptions {
  keys: string[];
  arguments: string[];
}

/** Error codes after which only a new connection can help, for example after a failover or a change of password. */
const FATAL_REPLIES = new Set(['READONLY', 'NOAUTH', 'WRONGPASS', 'NOPERM', 'MASTERDOWN', 'CLUSTERDOWN']);

/** Milliseconds between two tries of a script whose keys are moving from one node of a cluster to another. */
const TRY_AGAIN_MS = 20;

/** One attempt to connect. It can be dropped before it succeeds. */
interface Attempt {
  client: Client | null;
  ready: Promise<Client>;
  dropped: boolean;
}

let driver: typeof import('@redis/client') | undefined;

/** Loads the driver when it is first needed. No deadline applies, because on a busy machine this takes longer than any reply of Redis. */
async function load(): Promise<typeof import('@redis/client')> {
  try {
    return (driver ??= await import('@redis/client'));
  } catch (failure) {
    const cause = missingPackageError('@redis/client', 'redisStore', failure);
    throw new StoreError('The Redis driver cannot be loaded.', { cause });
  }
}

/** Connects when it is first needed. Once the driver is loaded, every failure is a {@link StoreError} within `timeout` milliseconds. */
export class RedisConnection {
  readonly #url: string | readonly string[];
  readonly #timeout: number;
  #attempt: Attempt | null = null;
  #closed = false;

  /** Several URLs are nodes of a cluster, which name the others. */
  constructor(url: string | readonly string[], timeout: number) {
    this.#url = url;
    this.#timeout = timeout;
  }

  /** Runs a script and returns the reply. */
  async run(script: Script, keys: string[], args: string[]): Promise<unknown> {
    const { ErrorReply } = driver ?? (await load());
    if (this.#closed) throw new StoreError('The connection to Redis is closed.');
    const attempt = (this.#attempt ??= this.#open());
    try {
      return await withTimeout(evaluate(attempt, script, keys, args), this.#timeout, timeoutError);
    } catch (cause) {
      // A timeout also drops the connection: a half-open one would stay silent for a quarter of an hour.
      if (!(cause instanceof ErrorReply) || FATAL_REPLIES.has(cause.message.split(' ')[0]!)) this.#drop(attempt);
      throw cause instanceof StoreError ? cause : failure(cause);
    }
  }

  close(): void {
    this.#closed = true;
    if (this.#attempt) this.#drop(this.#attempt);
  }

  #open(): Attempt {
    const ready = Promise.resolve().then(() => this.#connect(attempt));
    const attempt: Attempt = { client: null, ready, dropped: false };
    return attempt;
  }

  async #connect(attempt: Attempt): Promise<Client> {
    const drop = () => this.#drop(attempt);
    const client = typeof this.#url === 'string' ? this.#single(this.#url, attempt) : this.#cluster(this.#url, drop);
    attempt.client = client;
    await client.connect();
    return client;
  }

  /** The next call reconnects, not the client, so that no request waits in its queue. */
  #options() {
    return {
      socket: { connectTimeout: this.#timeout, reconnectStrategy: false as const },
      disableOfflineQueue: true,
      disableClientInfo: true,
      maintNotifications: 'disabled' as const,
    };
  }

  #single(url: string, attempt: Attempt): Client {
    const client = driver!.createClient({ ...this.#options(), url });
    client.on('error', () => this.#drop(attempt));
    // A client that is destroyed while it opens its socket leaves the socket open (seen with 6.3.1).
    client.on('connect', () => void (attempt.dropped && client.destroy()));
    return client;
  }

  /** It follows MOVED and ASK. A node that is lost drops the connection, so that the next call learns which node took over. */
  #cluster(urls: readonly string[], drop: () => void): Client {
    const { protocol, username, password } = new URL(urls[0]!);
    const { socket, ...options } = this.#options();
    const client = driver!.createCluster({
      rootNodes: urls.map((url) => ({ url })),
      // The cluster names its other nodes without credentials.
      defaults: {
        ...options,
        ...(username && { username: decodeURIComponent(username) }),
        ...(password && { password: decodeURIComponent(password) }),
        socket: { ...socket, ...(protocol === 'rediss:' && { tls: true as const }) },
      },
      minimizeConnections: true,
    });
    // One of the named nodes may be down as long as another answers.
    client.on('error', () => undefined);
    client.on('node-error', drop);
    return client;
  }

  #drop(attempt: Attempt): void {
    if (this.#attempt === attempt) this.#attempt = null;
    attempt.dropped = true;
    attempt.client?.destroy();
  }
}

/** An error of Redis or of the connection to it. Neither contains a password or an argument of the request. */
function failure(cause: unknown): StoreError {
  const { message } = cause as Error;
  if (message.startsWith('MOVED '))
    return new StoreError('This Redis is a node of a cluster: name nodes of the cluster in a list.', { cause });
  if (message === 'All the root nodes are unavailable')
    return new StoreError(
      'No node of a Redis Cluster answers at any of the addresses: correct them, or name a Redis that is no cluster by its address alone.',
      { cause },
    );
  const [, time] = /^CLOCK (\d+)$/.exec(message) ?? [];
  if (time === undefined) return new StoreError(`The request to Redis failed: ${message}`, { cause });
  const [own, theirs] = [Date.now(), Number(time)].map((at) => new Date(at).toISOString());
  return new StoreError(
    `The request was refused: the clock of this machine says ${own}, and that of Redis ${theirs}. Synchronize both with a time server.`,
    { cause },
  );
}

const timeoutError = () => new StoreError('Redis did not answer in time.');

async function evaluate(attempt: Attempt, { lua, sha }: Script, keys: string[], args: string[]): Promise<unknown> {
  const client = await attempt.ready;
  const options = { keys, arguments: args };
  for (let isKnown = true; ;) {
    try {
      return await (isKnown ? client.evalSha(sha, options) : client.eval(lua, options));
    } catch (error) {
      const [code] = (error as Error).message.split(' ');
      // Redis was restarted, or has not seen this script before.
      if (code === 'NOSCRIPT' && isKnown) isKnown = false;
      // Some of the keys have moved to another node of the cluster, and some have not. The script did not run.
      else if (code === 'TRYAGAIN' && !attempt.dropped)
        await new Promise((resolve) => setTimeout(resolve, TRY_AGAIN_MS));
      else throw error;
    }
  }
}

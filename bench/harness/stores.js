/** The Redis and the PostgreSQL of a measurement; null where the machine has none. */
import { startPostgresServer } from '../../scripts/processes/postgres-server.js';
import { redisProgram, startRedisServer } from '../../scripts/processes/redis-server.js';

/** A running Redis; `cpu` is the processor time in µs that it has used, `bytes` the memory that its data take. */
export async function startRedis() {
  if (!redisProgram) return null;
  const { url, stop } = await startRedisServer();
  const { createClient } = await import('@redis/client');
  const client = createClient({ url });
  await client.connect();
  const info = async (/** @type {string} */ section, /** @type {string} */ name) =>
    Number(new RegExp(`${name}:([\\d.]+)`).exec(await client.info(section))?.[1]);
  return {
    url,
    cpu: async () => 1e6 * ((await info('cpu', 'used_cpu_user')) + (await info('cpu', 'used_cpu_sys'))),
    bytes: () => info('memory', 'used_memory'),
    async stop() {
      client.destroy();
      await stop('SIGKILL');
    },
  };
}

/** A running PostgreSQL with one empty database. */
export async function startPostgres() {
  const server = await startPostgresServer({ settings: ['fsync=off', 'shared_buffers=256MB'] });
  return server && { url: server.url(), stop: () => server.stop() };
}

/** Whether a Redis that is named by one address is a node of a cluster. For the doctor: the store works until its keys move. */
import { RedisConnection } from './redis-connection.js';
import { clusterScript } from './redis-scripts.js';

/** Asks the Redis at this address. Rejects with a `StoreError` if it does not answer. */
export async function isClusterNode(url: string, timeout: number): Promise<boolean> {
  const redis = new RedisConnection(url, timeout);
  try {
    return String(await redis.run(clusterScript, [], [])).includes('cluster_enabled:1');
  } finally {
    redis.close();
  }
}

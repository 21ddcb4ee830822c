/** A real Redis Cluster on this machine: three masters, each with a replica, whose slots can be moved and whose masters can be killed. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@redis/client';
import { freePort } from '../../scripts/processes/free-port.js';
import { pollUntil } from '../../scripts/processes/poll-until.js';
import { startRedisServer } from '../../scripts/processes/redis-server.js';

const SLOTS = 16_384;

/** One node of the cluster. */
export interface ClusterNode {
  url: string;
  port: number;
  id: string;
  /** Sends a command to this node, wherever its keys are. */
  send(...command: (string | number)[]): Promise<unknown>;
  kill(): Promise<void>;
}

/** A running cluster. */
export interface RedisCluster {
  urls: string[];
  /** The node that has the slot of this key now, as another node sees it. */
  masterOf(key: string): Promise<ClusterNode>;
  /** Another master than that one. */
  otherThan(master: ClusterNode): Promise<ClusterNode>;
  /** Begins to move the slot of a key; then moves the keys that are there; then ends. */
  move(key: string, to: ClusterNode): Promise<{ keys(): Promise<number>; end(): Promise<void> }>;
  stop(): Promise<void>;
}

/** How a cluster is secured: its password, and a certificate for 127.0.0.1 that is its own authority. */
export interface ClusterSecurity {
  password: string;
  certificate: string;
  key: string;
}

/** Options of redis-server for a cluster that speaks TLS alone, and asks for a password. */
function securityOptions({ password, certificate, key }: ClusterSecurity, port: number): string[] {
  const files = ['--tls-cert-file', certificate, '--tls-key-file', key, '--tls-ca-cert-file', certificate];
  const tls = ['--port', '0', '--tls-port', String(port), '--tls-cluster', 'yes', '--tls-replication', 'yes'];
  return [...tls, ...files, '--tls-auth-clients', 'no', '--requirepass', password, '--masterauth', password];
}

/** Starts a cluster that replaces a dead master within some two seconds. */
export async function startCluster(security?: ClusterSecurity): Promise<RedisCluster> {
  const folder = await mkdtemp(join(tmpdir(), 'verify-contact-cluster-'));
  const closing: (() => unknown)[] = [];
  const nodes: (ClusterNode & { busPort: number; alive: boolean })[] = [];
  for (let i = 0; i < 6; i += 1) {
    const [port, busPort] = [await freePort(), await freePort()];
    const options = ['--cluster-enabled', 'yes', '--cluster-port', String(busPort), '--cluster-node-timeout', '1000'];
    const files = ['--dir', folder, '--cluster-config-file', `${i}.conf`, '--repl-diskless-sync-delay', '0'];
    const secured = security ? securityOptions(security, port) : [];
    const server = await startRedisServer([...options, ...files, ...secured], port);
    const url = security ? `rediss://:${security.password}@127.0.0.1:${port}` : server.url;
    const tls = security && { tls: true as const, ca: await readFile(security.certificate) };
    const direct = createClient({ url, socket: { reconnectStrategy: false, ...tls } });
    direct.on('error', () => undefined);
    await direct.connect();
    closing.push(() => direct.isOpen && direct.destroy());
    const send = (...command: (string | number)[]) => direct.sendCommand(command.map(String));
    const node = {
      url,
      port,
      busPort,
      alive: true,
      id: (await send('CLUSTER', 'MYID')) as unknown as string,
      send,
      kill: async () => ((node.alive = false), await server.stop('SIGKILL')),
    };
    nodes.push(node);
  }
  const living = () => nodes.filter(({ alive }) => alive);
  const until = (probe: () => Promise<boolean>) => pollUntil(probe, { timeout: 30_000, interval: 50 });
  const allSay = (pattern: RegExp, ...command: string[]) =>
    until(async () => {
      const answers = await Promise.all(living().map(({ send }) => send(...command)));
      return answers.every((answer) => pattern.test(String(answer)));
    });

  const [masters, replicas] = [nodes.slice(0, 3), nodes.slice(3)];
  const share = Math.ceil(SLOTS / masters.length);
  for (const [i, { send }] of nodes.entries()) {
    await send('CLUSTER', 'SET-CONFIG-EPOCH', i + 1);
    if (i < 3) await send('CLUSTER', 'ADDSLOTSRANGE', i * share, Math.min((i + 1) * share, SLOTS) - 1);
  }
  for (const { port, busPort } of nodes.slice(1)) await nodes[0]?.send('CLUSTER', 'MEET', '127.0.0.1', port, busPort);
  await allSay(/cluster_known_nodes:6\r/, 'CLUSTER', 'INFO');
  for (const [i, { send }] of replicas.entries()) {
    await until(() =>
      send('CLUSTER', 'REPLICATE', masters[i]?.id ?? '').then(
        () => true,
        () => false,
      ),
    );
  }
  await allSay(/cluster_state:ok\r/, 'CLUSTER', 'INFO');
  await allSay(/role:master|master_link_status:up/, 'INFO', 'replication');

  const slotOf = async (key: string) => Number(await nodes.find(({ alive }) => alive)?.send('CLUSTER', 'KEYSLOT', key));
  const masterOf = async (key: string): Promise<ClusterNode> => {
    const slot = await slotOf(key);
    for (const { send } of living()) {
      const ranges = (await send('CLUSTER', 'SLOTS')) as [number, number, [string, number, string]][];
      const port = ranges.find(([from, to]) => slot >= from && slot <= to)?.[2][1];
      const owner = living().find((node) => node.port === port);
      if (owner) return owner;
    }
    throw new Error('No living node has this slot.');
  };
  return {
    urls: nodes.map(({ url }) => url),
    masterOf,
    async otherThan(master) {
      for (const node of living()) {
        if (node.id === master.id) continue;
        if (String(await node.send('INFO', 'replication')).includes('role:master')) return node;
      }
      throw new Error('There is no other master.');
    },
    async move(key, to) {
      const from = await masterOf(key);
      const slot = await slotOf(key);
      await to.send('CLUSTER', 'SETSLOT', slot, 'IMPORTING', from.id);
      await from.send('CLUSTER', 'SETSLOT', slot, 'MIGRATING', to.id);
      return {
        async keys() {
          const names = (await from.send('CLUSTER', 'GETKEYSINSLOT', slot, 1000)) as string[];
          if (names.length > 0) await from.send('MIGRATE', '127.0.0.1', to.port, '', 0, 5000, 'KEYS', ...names);
          return names.length;
        },
        async end() {
          for (const { send } of [to, from]) await send('CLUSTER', 'SETSLOT', slot, 'NODE', to.id);
        },
      };
    },
    async stop() {
      for (const close of closing) await close();
      await Promise.all(living().map((node) => node.kill()));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

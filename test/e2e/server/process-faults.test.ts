/** Stores that stop, fail over and fill up, and instances that are killed or stopped, all as real processes. Checks the rows of docs/faults.md. */
import { execFileSync, spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createEmulator } from '../../../src/emulator/index.js';
import { serveEmulator } from '../../../src/emulator/node.js';
import { generateKeys, postgresAccounts, redisStore } from '../../../src/server/index.js';
import { run } from '../../support/command.js';
import { countingStore, readFaultTable, problemCell, type Row } from '../../support/fault-table.js';
import { changingProxy, client } from '../../support/redis-failover.js';
import { startPostgres } from '../../support/postgres.js';
import { onRedis, redisIsHere, startRedis } from '../../support/redis.js';
import { createStack, PHONE, type Stack } from '../../support/backend-stack.js';

const rows = readFaultTable('Stores and processes');
const closing: (() => unknown)[] = [];
const names: string[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** Returns the row of a fault, and marks it as tested. */
function row(name: string): Row | undefined {
  names.push(name);
  return rows[name];
}

/** Enough for Redis on a busy machine. */
const timeout = 5_000;
const messages = (stack: Stack) => String(stack.emulator.outbox.list().length);

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'verify-contact-faults-'));
  closing.push(() => rm(path, { recursive: true, force: true }));
  return path;
}

describe.skipIf(!redisIsHere)(onRedis('Redis'), { timeout: 60_000 }, () => {
  const keeping = async (...more: string[]) => {
    const redis = await startRedis('--appendonly', 'yes', '--dir', await folder(), ...more);
    closing.push(() => redis.down());
    return redis;
  };
  const onStore = async (url: string) => {
    const real = redisStore({ url, timeout });
    closing.push(() => real.close());
    const counting = countingStore(real);
    return { ...counting, stack: await createStack({ store: counting.store }) };
  };

  it('stopped and restarted during traffic', async () => {
    const redis = await keeping();
    const { stack, counted, restart } = await onStore(redis.url);
    const numbers = Array.from({ length: 12 }, (_, n) => `+49151${10 + n}345678`);
    const people = await Promise.all(
      numbers.map(async (to, n) => ({ to, n, challenge: (await stack.as(`u${n}`).contact({ to })).body.challenge })),
    );
    await redis.down();
    restart();
    const key = (n: number) => `the-key-of-person-${n}`;
    const check = ({ to, n, challenge }: (typeof people)[0]) =>
      stack.as(`u${n}`).check(challenge, stack.code(to), key(n));
    const sees = new Set((await Promise.all(people.map(check))).map(({ problem }) => problem));
    const during = counted();
    await redis.up();
    const after = await Promise.all(people.map(check));
    const known = await Promise.all(people.map(({ n }) => stack.accounts.contacts(`u${n}`)));
    const kept = after.every(({ status }) => status === 200) && known.every(({ phone }, n) => phone === numbers[n]);
    expect(stack.calls('/VerificationCheck')).toHaveLength(people.length);
    const seen: Row = {
      sees: [...sees].map((problem) => problemCell(problem ?? '')).join(', '),
      counted: during === 0 ? 'nothing' : String(during),
      messages: String(stack.emulator.outbox.list().length / people.length),
      missing: kept ? 'nothing' : 'a proof',
    };
    expect(seen).toEqual(row('Redis is stopped and restarted during traffic'));
  });

  it('failing over to a replica', async () => {
    const first = await keeping();
    const second = await keeping('--replicaof', '127.0.0.1', String(first.port));
    const proxy = await changingProxy(first, closing);
    const { stack, counted, restart } = await onStore(proxy.url);
    const ask = stack.as('ada');
    const { challenge } = (await ask.contact({ to: PHONE })).body;
    expect((await ask.check(challenge, stack.wrongCode(PHONE))).body.attemptsLeft).toBe(3);
    const admin = await client(second, closing);
    const before = await client(first, closing);
    // The first may fail only once the second has its data.
    expect(await before.sendCommand(['WAIT', '1', '30000'])).toBe(1);
    await admin.sendCommand(['REPLICAOF', 'NO', 'ONE']);
    await before.sendCommand(['REPLICAOF', '127.0.0.1', String(second.port)]);
    restart();
    // The old connection now leads to a replica, which refuses writes.
    const sees = await ask.check(challenge, stack.code(PHONE), 'the-key-of-this-check');
    const during = counted();
    await first.down();
    proxy.to = second.port;
    const wrong = await ask.check(challenge, stack.wrongCode(PHONE));
    expect(wrong.body.attemptsLeft).toBe(2);
    const { status } = await ask.check(challenge, stack.code(PHONE), 'the-key-of-this-check');
    const seen: Row = {
      sees: problemCell(sees.problem ?? ''),
      counted: during === 0 ? 'nothing' : String(during),
      messages: messages(stack),
      missing: status === 200 ? 'nothing' : 'the proof',
    };
    expect(seen).toEqual(row('Redis fails over to its replica'));
  });

  it('full', async () => {
    const redis = await keeping('--maxmemory-policy', 'noeviction');
    const { stack, counted, restart } = await onStore(redis.url);
    const ask = stack.as('ada');
    const { challenge } = (await ask.contact({ to: PHONE })).body;
    const admin = await client(redis, closing);
    await admin.configSet('maxmemory', '1');
    restart();
    const sees = await ask.check(challenge, stack.code(PHONE), 'the-key-of-this-check');
    expect((await stack.get('health')).status).toBe(503);
    const during = counted();
    await admin.configSet('maxmemory', '0');
    const { status } = await ask.check(challenge, stack.code(PHONE), 'the-key-of-this-check');
    const seen: Row = {
      sees: problemCell(sees.problem ?? ''),
      counted: during === 0 ? 'nothing' : String(during),
      messages: messages(stack),
      missing: status === 200 ? 'nothing' : 'the proof',
    };
    expect(seen).toEqual(row('Redis is full'));
  });
});

const postgres = await startPostgres();
afterAll(() => postgres?.stop());

it.skipIf(!postgres)('PostgreSQL restarted between the approval and the accounts', { timeout: 60_000 }, async () => {
  const accounts = postgresAccounts({ url: (await postgres?.empty()) ?? '', timeout: 20_000 });
  closing.push(() => accounts.close());
  const { store, counted, restart } = countingStore();
  const stack = await createStack({ accounts, store });
  const ask = stack.as('ada');
  const { challenge } = (await ask.contact({ to: PHONE })).body;
  restart();
  await postgres?.down();
  const key = crypto.randomUUID();
  const sees = await ask.check(challenge, stack.code(PHONE), key);
  await postgres?.up();
  // The first request afterwards may still use a connection that was cut.
  let again = await ask.check(challenge, stack.code(PHONE), key);
  if (again.status === 503) again = await ask.check(challenge, stack.code(PHONE), key);
  expect(stack.calls('/VerificationCheck').length).toBeLessThanOrEqual(1);
  const seen: Row = {
    sees: problemCell(sees.problem ?? ''),
    counted: counted() === 0 ? 'nothing' : String(counted()),
    messages: messages(stack),
    missing: again.status === 200 && (await accounts.contacts('ada')).phone === PHONE ? 'nothing' : 'the contact',
  };
  expect(seen).toEqual(row('PostgreSQL is restarted'));
});

describe('the command', { timeout: 120_000 }, () => {
  const emulator = createEmulator();
  let env: Record<string, string>;
  let close: () => Promise<void>;
  beforeAll(async () => {
    const served = await serveEmulator(emulator);
    close = served.close;
    const { secret, signing } = await generateKeys();
    env = {
      TWILIO_BASE_URL: served.url,
      TWILIO_ACCOUNT_SID: emulator.credentials.accountSid,
      TWILIO_API_KEY: emulator.credentials.apiKey,
      TWILIO_API_SECRET: emulator.credentials.apiSecret,
      TWILIO_VERIFY_SERVICE_SID: emulator.services.contact,
      VERIFY_AUDIENCE: 'https://shop.example',
      VERIFY_ANONYMOUS: 'true',
      VERIFY_SECRET: secret,
      VERIFY_SIGNING_KEY: JSON.stringify(signing),
      VERIFY_PORT: '0',
    };
  });
  afterAll(() => close());
  afterEach(() => emulator.reset());

  async function serve(file: string) {
    const running = run(['serve'], { ...env, VERIFY_STORE: `sqlite:${file}` });
    closing.push(() => running.stop('SIGKILL'));
    const [, url = ''] = await running.waitForOutput(/verify-contact listens on (http:[^"]+)/);
    return { ...running, url };
  }

  /** As a page sees it: a connection that fails is `unreachable`. */
  async function post(url: string, body: object, key?: string): Promise<Reply> {
    const headers = { 'content-type': 'application/json', ...(key && { 'idempotency-key': key }) };
    return fetch(url, { method: 'POST', headers, body: JSON.stringify(body) }).then(
      async (response) => ({ ...((await response.json()) as Reply), status: response.status }),
      () => ({ status: 0, code: 'unreachable' }),
    );
  }
  interface Reply {
    status: number;
    code?: string;
    challenge?: string;
    proof?: string;
    attemptsLeft?: number;
  }
  const codeOf = (to: string) => emulator.outbox.latest(to)?.code ?? '';

  const canLimit = spawnSync('prlimit', ['--version']).status === 0;
  it.skipIf(!canLimit)('SQLite whose disk is full', async () => {
    const file = join(await folder(), 'limits.db');
    const { url, child } = await serve(file);
    const { challenge } = await post(`${url}/contact`, { to: PHONE });
    // Files may no longer grow, which looks like a full disk to SQLite.
    const room = (size: string) => execFileSync('prlimit', ['--pid', String(child.pid), `--fsize=${size}:unlimited`]);
    room(String(statSync(`${file}-wal`).size));
    const sees = await post(`${url}/check`, { challenge, code: codeOf(PHONE) }, 'the-key-of-this-check');
    expect((await fetch(`${url}/health`)).status).toBe(503);
    expect(emulator.calls.filter(({ path }) => path.endsWith('/VerificationCheck'))).toEqual([]);
    room('unlimited');
    const wrong = String((Number(codeOf(PHONE)) + 1) % 1e6).padStart(6, '0');
    const { attemptsLeft } = await post(`${url}/check`, { challenge, code: wrong }, crypto.randomUUID());
    const again = await post(`${url}/check`, { challenge, code: codeOf(PHONE) }, 'the-key-of-this-check');
    const seen: Row = {
      sees: problemCell(sees.code ?? ''),
      counted: attemptsLeft === 3 ? 'nothing' : `${attemptsLeft} left`,
      messages: String(emulator.outbox.list().length),
      missing: again.proof ? 'nothing' : 'the proof',
    };
    expect(seen).toEqual(row('SQLite’s disk is full'));
  });

  it('killed between Twilio’s approval and the response', async () => {
    const file = join(await folder(), 'limits.db');
    const first = await serve(file);
    const { challenge } = await post(`${first.url}/contact`, { to: PHONE });
    const code = codeOf(PHONE);
    emulator.faults.add({ path: '/VerificationCheck', kind: 'no-answer', acts: true });
    const cut = post(`${first.url}/check`, { challenge, code }, 'the-key-of-this-check');
    const checks = () => emulator.calls.filter(({ path }) => path.endsWith('/VerificationCheck')).length;
    await expect.poll(checks, { timeout: 30_000 }).toBe(1);
    first.child.kill('SIGKILL');
    const sees = await cut;
    const second = await serve(file);
    let again: Reply = { status: 0 };
    // The outcome stays indeterminate until the interrupted call has timed out.
    await expect
      .poll(
        async () => (again = await post(`${second.url}/check`, { challenge, code }, 'the-key-of-this-check')).status,
        {
          timeout: 90_000,
        },
      )
      .toBe(200);
    const seen: Row = {
      sees: problemCell(sees.code ?? ''),
      counted: checks() === 1 ? 'an attempt' : `${checks()} attempts`,
      messages: String(emulator.outbox.list().length),
      missing: again.proof ? 'nothing' : 'the proof',
    };
    expect(seen).toEqual(row('An instance is killed (SIGKILL) between Twilio’s approval and the response'));
  });

  it('stopped under load', async () => {
    const { url, child, exited } = await serve(join(await folder(), 'limits.db'));
    emulator.faults.add({ method: 'POST', path: /\/Verifications$/, kind: 'delay', delayMs: 1_500, times: Infinity });
    const before = emulator.calls.length;
    const numbers = Array.from({ length: 16 }, (_, n) => `+49151${10 + n}345678`);
    const requests = numbers.map((to) => post(`${url}/contact`, { to }));
    await expect.poll(() => emulator.calls.length, { timeout: 30_000, interval: 20 }).toBe(before + numbers.length);
    child.kill('SIGTERM');
    const late = post(`${url}/contact`, { to: PHONE });
    const answers = await Promise.all(requests);
    expect(await exited).toBe(0);
    const cut = answers.filter(({ status }) => status !== 201).length;
    // A request that arrives during the stop is answered or not accepted, but never cut.
    expect([201, 0]).toContain((await late).status);
    const seen: Row = {
      sees: cut === 0 ? 'the code step' : `${cut} were cut`,
      counted: 'the send',
      messages: String(numbers.every((to) => codeOf(to) !== '') ? 1 : 0),
      missing: cut === 0 ? 'nothing' : 'a response',
    };
    expect(seen).toEqual(row('The server is stopped (SIGTERM) under load'));
  });
});

// Must run last. Rows that this machine cannot test are not required.
it('every row of the page has a test', () => {
  expect(names.filter((name) => rows[name] === undefined)).toEqual([]);
  if (redisIsHere && postgres && names.length > 0) expect(Object.keys(rows).sort()).toEqual(names.sort());
});

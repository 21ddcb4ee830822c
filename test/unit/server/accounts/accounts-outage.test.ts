/** The shipped accounts when the database is down, silent or not a database, and when several processes use it. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import ts from 'typescript';
import { afterAll, describe, expect, test } from 'vitest';
import { AccountsError } from '../../../../src/server/accounts/accounts.js';
import { postgresAccounts } from '../../../../src/server/accounts/postgres.js';
import { sqliteAccounts } from '../../../../src/server/accounts/sqlite.js';
import { sql, startPostgres } from '../../../support/postgres.js';

const run = promisify(execFile);
const folder = await mkdtemp(join(tmpdir(), 'verify-contact-accounts-'));
const postgres = await startPostgres();
/** Milliseconds: enough to connect on a busy machine, and short enough to wait for. */
const PATIENCE = 2000;
const phone = { type: 'phone', value: '+14155552671' } as const;

afterAll(async () => {
  await postgres?.stop();
  await rm(folder, { recursive: true, force: true });
});

describe('a database out of reach', () => {
  test('SQLite rejects with an AccountsError without the path, and works once the folder exists', async () => {
    const accounts = sqliteAccounts({ file: join(folder, 'not-there', 'accounts.db') });
    await expect(accounts.contacts('ann')).rejects.toBeInstanceOf(AccountsError);
    await mkdir(join(folder, 'not-there'));
    expect(await accounts.contacts('ann')).toEqual({ twoFactorRequired: false });
    await accounts.close();
    await expect(accounts.contacts('ann')).rejects.toBeInstanceOf(AccountsError);
  });

  test('a file that is not a database is refused, never overwritten', async () => {
    const file = join(folder, 'notes.txt');
    await writeFile(file, 'buy milk\n'.repeat(500));
    await expect(sqliteAccounts({ file }).contactVerified('ann', phone)).rejects.toBeInstanceOf(AccountsError);
    expect(await readFile(file, 'utf8')).toBe('buy milk\n'.repeat(500));
  });

  test('an unreachable PostgreSQL rejects with an AccountsError without the password', async () => {
    const accounts = postgresAccounts({ url: 'postgres://u:hunter2@127.0.0.1:1/x', timeout: PATIENCE });
    const error = await accounts.contactVerified('ann', phone).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(AccountsError);
    expect(String(error)).not.toMatch(/hunter2|4155/);
    await accounts.close();
  });

  test.skipIf(!postgres)('PostgreSQL is used again after an outage, without a restart', async () => {
    const url = (await postgres?.empty()) ?? '';
    const accounts = postgresAccounts({ url, timeout: PATIENCE });
    await accounts.contactVerified('ann', phone);
    const kill = `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'verify-contact'`;
    await sql(url, kill);
    await accounts.contacts('ann').catch((reason: unknown) => expect(reason).toBeInstanceOf(AccountsError));
    expect((await accounts.contacts('ann')).phone).toBe(phone.value);
    await sql(url, 'alter table verify_contact_contacts rename to away');
    const error = await accounts.contactVerified('ann', phone).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(AccountsError);
    await sql(url, 'alter table away rename to verify_contact_contacts');
    await accounts.contactVerified('ann', phone);
    await accounts.close();
  });

  test.skipIf(!postgres)('a blocked query is given up after the timeout', async () => {
    const url = (await postgres?.empty()) ?? '';
    const accounts = postgresAccounts({ url, timeout: PATIENCE });
    await accounts.contacts('ann');
    const blocker = new pg.Client({ connectionString: url });
    await blocker.connect();
    await blocker.query('begin; lock table verify_contact_contacts in access exclusive mode');
    await expect(accounts.contacts('ann')).rejects.toBeInstanceOf(AccountsError);
    await blocker.query('rollback');
    await blocker.end();
    expect(await accounts.contacts('ann')).toEqual({ twoFactorRequired: false });
    await accounts.close();
  });

  test.skipIf(!postgres)('a migration may take longer than a statement', async () => {
    const url = (await postgres?.empty()) ?? '';
    const migrating = new pg.Client({ connectionString: url });
    await migrating.connect();
    await migrating.query(`begin; select pg_advisory_xact_lock(${0x76636163})`);
    const committed = migrating.query(`select pg_sleep(${(PATIENCE * 1.5) / 1000}); commit`);
    const accounts = postgresAccounts({ url, timeout: PATIENCE });
    expect(await accounts.contacts('ann')).toEqual({ twoFactorRequired: false });
    await committed;
    await migrating.end();
    await accounts.close();
  });

  test.skipIf(!postgres)('a silent network is given up after the timeout, and used again when it answers', async () => {
    let silent = false;
    const proxy = createServer((socket) => {
      const upstream = connect(join(postgres?.folder ?? '', '.s.PGSQL.5432'));
      socket
        .on('data', (chunk) => silent || upstream.write(chunk))
        .on('error', () => undefined)
        .on('close', () => upstream.destroy());
      upstream.pipe(socket).on('error', () => undefined);
    });
    await new Promise<void>((listening) => proxy.listen(0, '127.0.0.1', listening));
    const [database] = /test_[0-9]+/.exec((await postgres?.empty()) ?? '') ?? [];
    const { port } = proxy.address() as AddressInfo;
    const url = `postgres://verify@127.0.0.1:${port}/${database ?? ''}`;
    const accounts = postgresAccounts({ url, timeout: PATIENCE });
    await accounts.contactVerified('ann', phone);
    silent = true;
    const results = await Promise.allSettled([accounts.contacts('ann'), accounts.delete('ann')]);
    const refused = { status: 'rejected', reason: expect.any(AccountsError) as AccountsError };
    expect(results).toEqual([refused, refused]);
    silent = false;
    expect((await accounts.contacts('ann')).phone).toBe(phone.value);
    await accounts.close();
    await new Promise((closed) => proxy.close(closed));
  });
});

describe('other processes', () => {
  /** The accounts as plain JavaScript, for processes that cannot run TypeScript. */
  async function plainScripts(): Promise<string> {
    const target = await mkdtemp(join(folder, 'scripts-'));
    const compilerOptions = {
      module: ts.ModuleKind.ESNext,
      target: ts.ScriptTarget.ES2022,
      verbatimModuleSyntax: true,
    };
    for (const room of ['accounts', 'options', 'runtime']) {
      await mkdir(join(target, room));
      for (const name of await readdir(resolve('src/server', room))) {
        const source = await readFile(resolve('src/server', room, name), 'utf8');
        const { outputText } = ts.transpileModule(source, { compilerOptions });
        await writeFile(join(target, room, name.replace(/\.ts$/, '.js')), outputText);
      }
    }
    await writeFile(join(target, 'package.json'), '{"type":"module"}');
    await symlink(resolve('node_modules'), join(target, 'node_modules'));
    return join(target, 'accounts');
  }

  test('four processes that open one new SQLite file at once all write to it', async () => {
    const scripts = await plainScripts();
    const file = join(folder, 'processes.db');
    const code = `import { sqliteAccounts } from './sqlite.js';
      const accounts = sqliteAccounts({ file: ${JSON.stringify(file)}, uniqueContacts: true, timeout: 5000 });
      await accounts.contactVerified(process.argv[2], { type: 'phone', value: '+1415555267' + process.argv[2] });
      await accounts.close();`;
    await writeFile(join(scripts, 'one.js'), code);
    await Promise.all(['1', '2', '3', '4'].map((id) => run(process.execPath, [join(scripts, 'one.js'), id])));
    const accounts = sqliteAccounts({ file });
    for (const id of ['1', '2', '3', '4']) expect((await accounts.contacts(id)).phone).toBe(`+1415555267${id}`);
    await accounts.close();
  });

  test('importing the accounts loads no database driver', async () => {
    const scripts = await plainScripts();
    const code = `import { createRequire } from 'node:module'; import './sqlite.js'; import './postgres.js';
      console.log(JSON.stringify(Object.keys(createRequire(import.meta.url).cache)));`;
    await writeFile(join(scripts, 'two.js'), code);
    expect(JSON.parse((await run(process.execPath, [join(scripts, 'two.js')])).stdout)).toEqual([]);
  });
});

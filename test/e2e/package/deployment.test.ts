/** The deployment that the guide describes, with real processes: two instances on Redis and PostgreSQL behind nginx. */
import { request } from 'node:http';
import { decodeProtectedHeader, type JWK } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startDeployment } from '../../../scripts/deployment/deployment.js';
import { missing } from '../../../scripts/deployment/services.js';
import { printKeys, printNextKeys, printRotation } from '../../../src/cli/keys.js';
import { createEmulator } from '../../../src/emulator/index.js';
import { serveEmulator } from '../../../src/emulator/node.js';
import { verifyProof } from '../../../src/server/index.js';
import { command } from '../../support/command.js';

const lacks = await missing();
const name = lacks.length === 0 ? 'the deployment' : `the deployment (LEFT OUT: there is no ${lacks.join(', no ')})`;

type Env = Record<string, string>;

/** The parts of an answer that these tests use. */
interface Reply {
  status: number;
  body: { challenge: string; proof: string; attemptsLeft: number };
}

async function lines(print: (to: (line: string) => void) => unknown): Promise<Env> {
  const printed: string[] = [];
  await print((line) => printed.push(line));
  const pairs = printed.join('\n').matchAll(/^([A-Z_]+)='?(.*?)'?$/gm);
  return Object.fromEntries([...pairs].map(([, key, value]) => [key ?? '', value ?? '']));
}

describe.skipIf(lacks.length > 0)(name, { timeout: 90_000 }, () => {
  const emulator = createEmulator();
  let deployment: Awaited<ReturnType<typeof startDeployment>>;
  let keys: Env;
  let closeEmulator: () => Promise<void>;
  const logged: string[] = [];
  let numbers = 0;
  let visitors = 0;

  beforeAll(async () => {
    const served = await serveEmulator(emulator);
    closeEmulator = served.close;
    keys = await lines(printKeys);
    deployment = await startDeployment({
      cli: command(),
      log: (line) => void logged.push(line),
      env: {
        ...keys,
        TWILIO_BASE_URL: served.url,
        TWILIO_ACCOUNT_SID: emulator.credentials.accountSid,
        TWILIO_API_KEY: emulator.credentials.apiKey,
        TWILIO_API_SECRET: emulator.credentials.apiSecret,
        TWILIO_VERIFY_SERVICE_SID: emulator.services.contact,
        VERIFY_AUDIENCE: 'https://shop.example',
        VERIFY_ANONYMOUS: 'true',
        // The machine may be busy with other tests. Speed is not tested here.
        VERIFY_STORE_TIMEOUT: '5000',
      },
    });
  }, 90_000);

  afterAll(async () => {
    await deployment?.stop();
    await closeEmulator();
  }, 60_000);

  /** As a visitor from an address of their own: all of 127/8 is this machine. */
  function post(path: string, body: object, headers = {}, from = `127.0.1.${(visitors += 1) % 250}`): Promise<Reply> {
    return new Promise((resolve, reject) => {
      const all = { 'content-type': 'application/json', ...headers };
      const options = { method: 'POST', headers: all, localAddress: from, agent: false } as const;
      const asked = request(`${deployment.url}/${path}`, options, (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (piece: string) => (text += piece));
        answer.once('end', () => resolve({ status: answer.statusCode ?? 0, body: JSON.parse(text) as Reply['body'] }));
      });
      asked.once('error', reject).end(JSON.stringify(body));
    });
  }

  /** A German mobile number of another block each time, so that the limits of one block are not what is tested. */
  const number = () => `+49151${String((numbers += 1) % 100).padStart(2, '0')}${345_000 + numbers}`;

  async function verify(to = number()): Promise<{ statuses: number[]; proof: string }> {
    const started = await post('contact', { to });
    const code = emulator.outbox.latest(to)?.code;
    const key = { 'idempotency-key': crypto.randomUUID() };
    const checked = await post('check', { challenge: started.body.challenge, code }, key);
    return { statuses: [started.status, checked.status], proof: checked.body.proof };
  }

  /** How many codes each instance has sent and checked, by its own metrics. */
  async function work(): Promise<number[]> {
    const texts = await Promise.all(
      deployment.instances.map(async ({ metrics }) => (await fetch(`${metrics}/metrics`)).text()),
    );
    return texts.map((text) =>
      [...text.matchAll(/^verify_contact_codes_(?:sent|checked)_total\{.*\} (\d+)$/gm)].reduce(
        (sum, [, n]) => sum + Number(n),
        0,
      ),
    );
  }

  it('verifies a contact, whichever instances its requests reach', async () => {
    const all = await Promise.all(Array.from({ length: 4 }, () => verify()));
    expect(all.map(({ statuses }) => statuses)).toEqual(all.map(() => [201, 200]));
    const each = await work();
    expect(each.reduce((sum, n) => sum + n)).toBe(8);
    expect(Math.min(...each)).toBeGreaterThan(0);
    const jwks = `${deployment.url}/jwks.json`;
    const expected = { jwks, audience: 'https://shop.example', purpose: 'contact', subject: null } as const;
    await expect(verifyProof(all[0]?.proof ?? '', expected)).resolves.toMatchObject({ amr: ['sms'] });
  });

  it('counts wrong codes over both instances', async () => {
    const to = number();
    const { challenge } = (await post('contact', { to })).body;
    const code = String((Number(emulator.outbox.latest(to)?.code) + 1) % 1e6).padStart(6, '0');
    const left = [];
    for (let n = 0; n < 2; n += 1) {
      const answer = await post('check', { challenge, code }, { 'idempotency-key': crypto.randomUUID() });
      left.push(answer.body.attemptsLeft);
    }
    expect(left).toEqual([3, 2]);
  });

  it('ignores forged addresses in a visitor’s headers', async () => {
    const statuses: number[] = [];
    for (let n = 0; n < 21; n += 1) {
      const forged = { 'x-forwarded-for': `203.0.113.${n}` };
      statuses.push((await post('contact', { to: number() }, forged, '127.0.2.1')).status);
    }
    expect(statuses).toEqual([...Array<number>(20).fill(201), 429]);
  });

  it('continues when one instance dies', async () => {
    deployment.instances[0]?.child().kill('SIGKILL');
    const all = await Promise.all(Array.from({ length: 6 }, () => verify()));
    expect(all.map(({ statuses }) => statuses)).toEqual(all.map(() => [201, 200]));
    await deployment.instances[0]?.restart();
  });

  it('refuses no request while the keys are rotated under load, one instance after the other', async () => {
    let rotating = true;
    const done: Awaited<ReturnType<typeof verify>>[] = [];
    const people = Array.from({ length: 3 }, async () => {
      while (rotating && done.length < 150) done.push(await verify());
    });
    const announced = { ...keys, ...(await lines(printNextKeys)) };
    for (const instance of deployment.instances) await instance.restart(announced);
    const rotated = await lines((print) => printRotation(announced, print));
    const gone = { VERIFY_NEXT_SECRET: undefined, VERIFY_NEXT_SIGNING_KEY: undefined };
    for (const instance of deployment.instances) await instance.restart({ ...rotated, ...gone });
    rotating = false;
    await Promise.all(people);
    const faults = logged.filter((line) => line.includes('"level":"error"'));
    expect([faults, done.filter(({ statuses }) => statuses.join() !== '201,200')]).toEqual([[], []]);
    expect(done.length).toBeGreaterThan(20);

    const last = (await verify()).proof;
    const jwks = (await (await fetch(`${deployment.url}/jwks.json`)).json()) as { keys: JWK[] };
    const expected = { jwks, audience: 'https://shop.example', purpose: 'contact', subject: null } as const;
    const kids = new Set([...done.map(({ proof }) => proof), last].map((proof) => decodeProtectedHeader(proof).kid));
    expect(kids.size).toBe(2);
    for (const proof of [done[0]?.proof ?? '', last]) await expect(verifyProof(proof, expected)).resolves.toBeDefined();
  });
});

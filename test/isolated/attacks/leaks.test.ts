/** Searches everything that leaves the backend, in every kind of failure, for codes, tokens, credentials and contacts (OWASP ASVS 5.0, 16.2.5). */
import { inspect } from 'node:util';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  jsonLinesLogger,
  memoryAccounts,
  memoryStore,
  type BackendEvent,
  type Store,
} from '../../../src/server/index.js';
import { createStack, EMAIL, OTHER_PHONE, PHONE, type Stack } from '../../support/backend-stack.js';
import { actor } from '../../support/attacker.js';
import { recordAttack } from '../../support/attack-metrics.js';

/** The leaks of all runs. */
let leaks = 0;
let runs = 0;

afterEach(() => vi.restoreAllMocks());

/** Everything written to the console and the standard streams during a test. */
function listen(): string[] {
  const heard: string[] = [];
  for (const name of ['log', 'info', 'warn', 'error', 'debug'] as const) {
    vi.spyOn(console, name).mockImplementation(
      (...all: unknown[]) => void heard.push(all.map((one) => inspect(one)).join(' ')),
    );
  }
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, 'write').mockImplementation((text) => (heard.push(String(text)), true));
  }
  return heard;
}

/** A store that also records every key and value. */
function noted(notes: string[]): Store {
  return new Proxy(memoryStore(), {
    get(target, name: keyof Store) {
      return (...args: unknown[]) => {
        notes.push(JSON.stringify(args));
        return (target[name] as (...all: unknown[]) => unknown).apply(target, args);
      };
    },
  });
}

/** Errors that quote their input, as drivers and proxies do. */
const quoting = (code: string) =>
  Object.assign(
    new Error(
      `duplicate key (${PHONE}) for ${EMAIL}\n    at ${PHONE} with code ${code}\nAuthorization: Basic c2VjcmV0`,
    ),
    { detail: PHONE },
  );

const troubles: [string, (stack: Stack) => void][] = [
  ['all is well', () => undefined],
  ['Twilio answers 500', ({ emulator }) => emulator.faults.add({ status: 500, times: Infinity })],
  ['Twilio answers HTML', ({ emulator }) => emulator.faults.add({ kind: 'html-502', times: Infinity })],
  ['Twilio refuses the credentials', ({ emulator }) => emulator.faults.add({ code: 20003, times: Infinity })],
  [
    'Twilio finds the number invalid, and quotes it',
    ({ emulator }) =>
      emulator.faults.add({ code: 60200, message: `Invalid parameter \`To\`: ${PHONE}`, times: Infinity }),
  ],
  ['Twilio answers half', ({ emulator }) => emulator.faults.add({ kind: 'broken-json', times: Infinity })],
  [
    'the connection breaks after Twilio acted',
    ({ emulator }) => emulator.faults.add({ kind: 'reset-after', times: Infinity }),
  ],
  ['an RFC 9457 problem', ({ emulator }) => emulator.faults.add({ kind: 'problem-json', times: Infinity })],
];

describe.each(troubles)('where %s', (_, trouble) => {
  it.each([
    ['and the host is well', false],
    ['and everything of the host’s throws what it was given', true],
  ])('%s, nothing of it is told', async (_name, throws) => {
    const printed = listen();
    const stored: string[] = [];
    const events: BackendEvent[] = [];
    const lines: string[] = [];
    const write = jsonLinesLogger((line) => lines.push(line));
    let latest = '';
    let broken = false;
    const perhaps = <T>(value: T): T => {
      if (broken) throw quoting(latest);
      return value;
    };
    const users = memoryAccounts();
    await users.contactVerified('ada', { type: 'phone', value: PHONE });
    // Fixed, since a random code could some day appear in a number that is not secret.
    let code = 913_571;
    const stack = await createStack({
      emulator: { random: () => String((code += 7919)) },
      store: noted(stored),
      twoFactor: { required: 'always', email: true },
      accounts: {
        contacts: async (id) => perhaps(await users.contacts(id)),
        contactVerified: async (id, contact) => perhaps(await users.contactVerified(id, contact)),
      },
      beforeSend: () => perhaps(undefined),
      onEvent: (event) => {
        events.push(event);
        write(event);
      },
    });
    stack.emulator.outbox.subscribe((message) => void (latest = message.code));
    const tokens: string[] = [];
    const run = async (user: string | null, to: string) => {
      const ask = actor(stack, { user, address: '203.0.113.77' });
      const start = user === null ? await ask.contact({ to, context: 'order 7' }) : await ask.twoFactor();
      const { challenge = 'none' } = start.body;
      tokens.push(challenge);
      const sent = stack.emulator.outbox.latest(to)?.code ?? '000000';
      await ask.check(challenge, '000001');
      await ask.resend({ challenge, channel: 'call' });
      const { proof } = (await ask.check(challenge, sent)).body;
      if (proof) tokens.push(proof);
    };
    await run(null, OTHER_PHONE);
    trouble(stack);
    broken = throws;
    await run('ada', PHONE);
    await run(null, PHONE);
    stack.clock.advance(60);
    await run(null, EMAIL);
    vi.restoreAllMocks();

    const codes = stack.emulator.outbox.list().map(({ code }) => code);
    const { authToken, apiSecret } = stack.emulator.credentials;
    const secrets = [
      authToken,
      apiSecret,
      stack.keys.secret,
      stack.keys.signing.d ?? '',
      'c2VjcmV0',
      Buffer.from(`${stack.emulator.credentials.apiKey}:${apiSecret}`).toString('base64'),
    ];
    const contacts = [PHONE, OTHER_PHONE, EMAIL, '4155552671', '7400123456', '415 555 2671'];
    const addresses = ['203.0.113.77'];
    const logs = [...printed, ...lines, ...events.map((event) => inspect(event, { depth: 9 }))].join('\n');
    const said = stack.said.join('\n');
    const kept = stored.join('\n');
    const proofs = tokens.filter((token) => token !== 'none');
    const found = (where: string, text: string, needles: string[]) =>
      needles.filter((needle) => needle !== '' && text.includes(needle)).map((needle) => `${needle} in ${where}`);
    const all = [
      ...found('the logs', logs, [...codes, ...proofs, ...secrets, ...contacts, ...addresses]),
      // Sealed tokens are random text in base64url and may contain six digits by chance, so they are removed first.
      ...found(
        'the answers',
        proofs.reduce((text, token) => text.replaceAll(token, ''), said),
        [...codes, ...secrets],
      ),
      ...found('the store', kept.replace(/"[A-Za-z0-9_-]{43}"|VE[0-9a-f]{32}|[0-9a-f-]{36}|\d{13}/g, ''), [
        ...codes,
        ...proofs,
        ...secrets,
        ...contacts,
        ...addresses,
      ]),
    ];
    runs += 1;
    leaks += all.length;
    expect(all).toEqual([]);
    expect(said.length).toBeGreaterThan(1000);
    expect(lines.every((line) => !/[\n\r\u2028]/.test(line))).toBe(true);
  });
});

it('second-factor answers contain only the masked destination', async () => {
  const stack = await createStack({ twoFactor: { required: 'always', email: true } });
  await stack.accounts.contactVerified('ada', { type: 'phone', value: PHONE });
  await stack.accounts.contactVerified('ada', { type: 'email', value: EMAIL });
  const ask = actor(stack, { user: 'ada' });
  const { challenge } = (await ask.twoFactor()).body;
  const other = (await ask.resend({ challenge, channel: 'email' })).body;
  const { proof } = (await ask.check(other.challenge, stack.code(EMAIL))).body;
  const text = stack.said.join('\n') + Buffer.from(proof.split('.')[1] ?? '', 'base64url').toString();
  // Random values and times may contain any three digits.
  const random = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\b\d{10}\b/g;
  const plain = [challenge, other.challenge, proof].reduce((rest, token) => rest.replaceAll(token, ''), text);
  for (const secret of ['415', '555', 'example.com', 'ada@']) expect(plain.replace(random, '')).not.toContain(secret);
});

it('all of these together: leaks = 0', () => {
  expect([runs, leaks]).toEqual([2 * troubles.length, 0]);
  recordAttack({
    attack: `leak scan: ${runs} runs, answers, headers, logs, events and the store`,
    budget: 0,
    accepted: leaks,
    note: 'codes, tokens, credentials, contacts, addresses',
  });
});

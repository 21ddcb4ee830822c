/** The calls to Twilio over real sockets and over a function, and how they fail when the connection breaks. */
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEmulator, type Emulator } from '../../../../src/emulator/index.js';
import { serveEmulator } from '../../../../src/emulator/node.js';
import type { TwilioOptions } from '../../../../src/server/twilio/twilio-options.js';
import { createVerifyClient } from '../../../../src/server/twilio/verify-client.js';
import { EMAIL, PHONE } from '../../../support/backend-stack.js';

const accountOf = ({ credentials: { accountSid, apiKey, apiSecret }, services }: Emulator): TwilioOptions => ({
  accountSid,
  apiKey,
  apiSecret,
  contactService: services.contact,
  twoFactorService: services.twoFactor,
});
const emulator = createEmulator();
const account = accountOf(emulator);
const { accountSid, apiKey, apiSecret, authToken } = emulator.credentials;
let server: Awaited<ReturnType<typeof serveEmulator>>;

beforeAll(async () => {
  server = await serveEmulator(emulator);
});
afterAll(() => server.close());

describe('over sockets', () => {
  it('a whole verification uses undici’s pool', async () => {
    const verify = createVerifyClient({ ...account, baseUrl: server.url });
    const sent = await verify.send('contact', PHONE, 'sms', 'de');
    expect(sent).toMatchObject({ sends: 1, age: 0 });
    expect((await verify.findPending('contact', PHONE))?.sid).toBe(sent.sid);
    const code = emulator.outbox.latest(PHONE)?.code ?? '';
    expect(await verify.check('contact', sent.sid, PHONE, code)).toBe('approved');
    expect(await verify.wasConverted('contact', sent.sid)).toBe(true);
    expect(await verify.findPending('contact', PHONE)).toBeNull();
    await verify.close();
  });

  it('two hundred calls are in flight at once, with no queue behind twenty sockets', async () => {
    // No call is answered before all have arrived. Behind a queue, the last would never arrive.
    let waiting = 0;
    let open: () => void = () => undefined;
    const all = new Promise<void>((resolve) => (open = resolve));
    const slow = createEmulator({
      wait() {
        waiting += 1;
        if (waiting === 200) open();
        return all;
      },
    });
    const slowServer = await serveEmulator(slow);
    slow.faults.add({ delayMs: 1, times: Infinity });
    const verify = createVerifyClient({ ...account, baseUrl: slowServer.url });
    await Promise.all(Array.from({ length: 200 }, (_, i) => verify.send('contact', `+1415555${2000 + i}`, 'sms')));
    expect(waiting).toBe(200);
    await verify.close();
    await slowServer.close();
  });

  it('a sign-in gets a connection while sign-ups keep all of theirs busy', async () => {
    let held = 0;
    let answer: () => void = () => undefined;
    const released = new Promise<void>((resolve) => (answer = resolve));
    const busy = createEmulator({
      async wait() {
        held += 1;
        await released;
      },
    });
    const busyServer = await serveEmulator(busy);
    busy.faults.add({ path: busy.services.contact, delayMs: 1, times: Infinity });
    const verify = createVerifyClient({ ...accountOf(busy), baseUrl: busyServer.url });
    const signUps = Array.from({ length: 300 }, (_, i) => verify.send('contact', `+1415555${2000 + i}`, 'sms'));
    await expect.poll(() => held).toBe(256);
    expect((await verify.send('two-factor', PHONE, 'sms')).sends).toBe(1);
    expect(held).toBe(256);
    answer();
    await Promise.all(signUps);
    await verify.close();
    await busyServer.close();
  });

  it('if nothing listens at the port, the request was not sent', async () => {
    const closed = createServer().listen(0, '127.0.0.1');
    await new Promise((done) => closed.once('listening', done));
    const { port } = closed.address() as AddressInfo;
    await new Promise((done) => closed.close(done));
    const verify = createVerifyClient({ ...account, baseUrl: `http://127.0.0.1:${port}` });
    await expect(verify.send('contact', PHONE, 'sms')).rejects.toMatchObject({
      kind: 'not-sent',
      reason: 'ECONNREFUSED',
      hadNoEffect: true,
    });
    await verify.close();
  });

  it('after a reset, a timeout or an unreadable response, the outcome is indeterminate', async () => {
    const verify = createVerifyClient({ ...account, baseUrl: server.url, timeout: 80 });
    for (const kind of ['reset-before', 'reset-after', 'no-answer', 'html-502', 'broken-json'] as const) {
      emulator.faults.add({ kind });
      await expect(verify.send('contact', '+14155552699', 'sms')).rejects.toMatchObject({
        kind: 'indeterminate',
        hadNoEffect: false,
      });
    }
    emulator.faults.clear();
    await verify.close();
  });

  it('the auth token works in place of an API key', async () => {
    const verify = createVerifyClient({
      accountSid,
      authToken,
      contactService: account.contactService,
      baseUrl: server.url,
    });
    expect((await verify.send('two-factor', '+14155552673', 'sms')).sends).toBe(1);
    await verify.close();
  });
});

describe('over a function', () => {
  it('a refused connection is recognized by its cause', async () => {
    const refused = Object.assign(new TypeError('fetch failed'), { cause: { code: 'ECONNREFUSED' } });
    const verify = createVerifyClient({ ...account, transport: () => Promise.reject(refused) });
    await expect(verify.send('contact', PHONE, 'sms')).rejects.toMatchObject({ kind: 'not-sent' });
    const reset = createVerifyClient({ ...account, transport: () => Promise.reject(new TypeError('fetch failed')) });
    await expect(reset.send('contact', PHONE, 'sms')).rejects.toMatchObject({ kind: 'indeterminate' });
  });

  it('an address with characters of a path can be looked up', async () => {
    const verify = createVerifyClient({ ...account, transport: (request) => emulator.fetch(request) });
    const odd = 'a/b?c+d@example.com';
    const sent = await verify.send('contact', odd, 'email');
    expect((await verify.findPending('contact', odd))?.sid).toBe(sent.sid);
  });

  it('the age of a code is by Twilio’s clock, not by ours', async () => {
    const own = createEmulator({ now: () => 1_000_000 });
    const { credentials, services } = own;
    const verify = createVerifyClient({
      accountSid: credentials.accountSid,
      authToken: credentials.authToken,
      contactService: services.contact,
      transport: (request) => own.fetch(request),
    });
    await verify.send('contact', EMAIL, 'email');
    own.clock.advance(100);
    expect(await verify.send('contact', EMAIL, 'email')).toMatchObject({ sends: 2, age: 100_000 });
  });

  it('cancelling a verification that no longer exists succeeds', async () => {
    const verify = createVerifyClient({ ...account, transport: (request) => emulator.fetch(request) });
    await expect(verify.cancel('contact', `VE${'0'.repeat(32)}`)).resolves.toBeUndefined();
  });

  it('a mistake in the program is called one, and no event of the network', async () => {
    const verify = createVerifyClient({ ...account, transport: (request) => emulator.fetch(request) });
    const broken = {
      get friendlyName() {
        return (undefined as unknown as { name: string }).name;
      },
    };
    await expect(verify.send('contact', PHONE, 'sms', undefined, broken)).rejects.toMatchObject({
      kind: 'indeterminate',
      reason: 'a mistake in the program: TypeError',
    });
  });

  it.each(['null', '[]', '"pending"', '7', '', '<html>'])('the answer %j cannot be read', async (body) => {
    const verify = createVerifyClient({ ...account, transport: async () => new Response(body, { status: 201 }) });
    await expect(verify.send('contact', PHONE, 'sms')).rejects.toMatchObject({
      kind: 'indeterminate',
      reason: 'an answer that cannot be read',
    });
  });

  it('no error contains a credential, a number or Twilio’s words', async () => {
    const verify = createVerifyClient({
      ...account,
      transport: () =>
        Promise.resolve(
          Response.json({ code: 60200, message: `Invalid parameter \`To\`: ${PHONE}`, status: 400 }, { status: 400 }),
        ),
    });
    const failure: unknown = await verify.send('contact', PHONE, 'sms').catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 60200, parameter: 'To' });
    const shown = inspect(failure, { depth: 9, showHidden: true }) + JSON.stringify(failure);
    for (const secret of [PHONE, apiSecret, apiKey, 'Invalid parameter', 'Basic ']) expect(shown).not.toContain(secret);
  });
});

it.each([
  [{ accountSid: 'AC1' }, 'twilio.accountSid'],
  [{ apiSecret: '' }, 'apiSecret'],
  [{ apiKey: undefined }, 'authToken'],
  [{ contactService: 'VE1' }, 'twilio.contactService'],
  [{ twoFactorService: 'x' }, 'twilio.twoFactorService'],
])('options that cannot work are refused with their name: %j', (wrong, name) => {
  expect(() => createVerifyClient({ ...account, ...wrong })).toThrow(name);
});

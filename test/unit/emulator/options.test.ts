/** What the emulator refuses of its options and of the control plane, in which words, and that nothing has changed then. */
import { describe, expect, it } from 'vitest';
import { createEmulator, type EmulatorOptions, type Fault, type ServiceOptions } from '../../../src/emulator/index.js';
import { serveEmulator } from '../../../src/emulator/node.js';
import { errorOf, functionClient } from '../../support/emulator-client.js';

const sid = `VA${'a'.repeat(32)}`;
const to = '+447400123456';

/** What a caller without types may pass. */
const loose = <T>(value: unknown): T => value as T;

describe('createEmulator', () => {
  it.each<[options: unknown, sentence: string]>([
    [null, 'The value must be an object.'],
    [[], 'The value must be an object.'],
    ['control', 'The value must be an object.'],
    [{ controll: true }, '"controll" is unknown; the nearest known name is "control".'],
    [{ magicnumbers: true }, '"magicnumbers" is unknown; the nearest known name is "magicNumbers".'],
    [{ constructor: 1 }, '"constructor" is unknown; the nearest known name is "control".'],
    [{ control: 'true' }, 'control must be true or false.'],
    [{ control: null }, 'control must be true or false.'],
    [{ now: 1_700_000_000_000 }, 'now must be a function.'],
    [{ accountSid: 'AC1' }, 'accountSid must be AC and 32 hexadecimal digits.'],
    [{ authToken: '' }, 'authToken must be a text that is not empty.'],
    [{ apiKeys: [{ sid: `SK${'1'.repeat(32)}` }] }, 'apiKeys[0].secret must be a text that is not empty.'],
    [{ services: { sid } }, 'services must be a list.'],
    [{ services: [{ codeLength: 6 }] }, 'services[0].sid must be VA and 32 hexadecimal digits.'],
    [{ services: [{ sid }, { sid }] }, 'services must be a list without duplicates.'],
    [{ services: [{ sid, codeLength: 3 }] }, 'services[0].codeLength must be a whole number from 4 to 10.'],
    [{ services: [{ sid, codeLength: '6' }] }, 'services[0].codeLength must be a whole number from 4 to 10.'],
    [{ services: [{ sid, ttlSeconds: NaN }] }, 'services[0].ttlSeconds must be a whole number from 1 to 86400.'],
    [{ services: [{ sid, codelength: 6 }] }, '"codelength" is unknown; the nearest known name is "codeLength".'],
    [
      { services: [{ sid, channels: ['SMS'] }] },
      'services[0].channels[0] must be one of "sms", "call", "email", "whatsapp", "sna", "rcs".',
    ],
    [{ services: [{ sid, geo: { allow: 'US' } }] }, 'services[0].geo.allow must be a list.'],
    [{ services: [{ sid, geo: { alow: ['US'] } }] }, '"alow" is unknown; the nearest known name is "allow".'],
    [
      { services: [{ sid, geo: { allow: ['us'] } }] },
      'services[0].geo.allow[0] must be a country, such as "GB", or a prefix, such as "+447700".',
    ],
    [{ services: [{ sid, geo: { allow: ['US', 'UK'] } }] }, '"UK" is no country of ISO 3166-1; the nearest is "GB".'],
    [{ services: [{ sid, geo: { deny: ['ZZ'] } }] }, '"ZZ" is no country of ISO 3166-1; the nearest is "AZ".'],
    [
      { services: [{ sid, geo: { allow: ['US'], deny: ['US'] } }] },
      '"geo" allows and denies the same region: leave it out of one list.',
    ],
    [{ lineTypes: { '1900': 'premium' } }, 'lineTypes.1900 must be an object of line types by prefix'],
    [{ lineTypes: { '+1900': 'cell' } }, 'lineTypes.+1900 must be one of "mobile"'],
    [{ assume: { conversion: 'first' } }, 'assume.conversion must be one of "last", "all".'],
    [{ assume: { statuses: { 60203: 99 } } }, 'assume.statuses.60203 must be a whole number from 400 to 599.'],
    [{ services: [{ sid, skipSmsToLandlines: true }] }, '"skipSmsToLandlines" needs "lookupEnabled"'],
    [{ retention: { calls: 0 } }, 'retention.calls must be a whole number from 1 to 1000000000.'],
    [{ fixedCode: 123456 }, 'fixedCode must be a code of 4 to 10 digits, such as "123456", or an object of such codes'],
    [{ fixedCode: '123' }, 'fixedCode must be a code of 4 to 10 digits'],
    [{ fixedCode: { '07400123456': '123456' } }, 'fixedCode must be a code of 4 to 10 digits'],
    [{ fixedCode: '1234' }, 'The fixed code 1234 has 4 digits, and the codes of the services have 6.'],
    [
      { fixedCode: '1234', services: [{ sid, codeLength: 4 }] },
      'The fixed code 1234 has 4 digits, and the codes of the services have 4 and 6.',
    ],
    [
      { fixedCode: { [to]: '1234', 'ada@example.com': '12345' }, services: [{ sid, codeLength: 4 }] },
      'The fixed code 12345 has 5 digits, and the codes of the services have 4 and 6.',
    ],
    [{ allowedHosts: 'emulator' }, 'allowedHosts must be a list.'],
    [{ allowedHosts: ['*'] }, 'allowedHosts[0] must be a host name without a port, such as "emulator".'],
    [{ allowedHosts: ['emulator:4010'] }, 'allowedHosts[0] must be a host name without a port'],
    [{ allowedHosts: ['http://emulator'] }, 'allowedHosts[0] must be a host name without a port'],
    [{ allowedHosts: ['ci', 'CI'] }, 'allowedHosts must be a list without duplicates.'],
    [{ retention: { messges: 3 } }, '"messges" is unknown; the nearest known name is "messages".'],
  ])('refuses %j in a sentence', (options, sentence) => {
    const create = () => createEmulator(loose<EmulatorOptions>(options));
    expect(create).toThrow(TypeError);
    expect(create).toThrow(`createEmulator: ${sentence}`);
  });

  it('takes every option at once, and an unset one as left out', () => {
    const options = { authToken: undefined, services: [{ sid, codeLength: undefined, friendlyName: 'Acme' }] };
    const emulator = createEmulator(loose<EmulatorOptions>(options));
    expect(emulator.credentials.authToken).toBe('emulator-auth-token');
    expect(emulator.services.contact).toBe(sid);
  });

  it('listens only where it is told: serveEmulator refuses a port and a name that are none', async () => {
    const listen = (options: object) => errorOf(serveEmulator(createEmulator(), options));
    expect((await listen({ port: '4010' })).message).toBe(
      'serveEmulator: port must be a whole number from 0 to 65535.',
    );
    expect((await listen({ host: '0.0.0.0' })).message).toBe(
      'serveEmulator: "host" is unknown; the nearest known name is "port".',
    );
  });
});

/** A name that is there twice, which JSON.stringify cannot write. */
const twice = '{"sid": "VA1", "sid": "VA2"}';
const service = (changes: object) => ({ sid: `VA${'9'.repeat(32)}`, mailer: false, ...changes });
const hundredYears = 100 * 365 * 86_400;

const destination =
  'to must be a number in E.164, such as "+447400123456" (in an address, "%2B" stands for "+"), or an e-mail address.';
const path = 'path must be a part of a path as it is sent, without the query, such as "/VerificationCheck".';
const nested = (levels: number): unknown => (levels === 0 ? 'x' : [nested(levels - 1)]);
const nestedText = (levels: number) => `{"status": 500, "body": ${'['.repeat(levels)}${']'.repeat(levels)}}`;

const refused: [endpoint: string, body: unknown, sentence: string][] = [
  ['POST /faults', { pth: '/Verifications', code: 60203 }, '"pth" is unknown; the nearest known name is "path".'],
  ['POST /faults', { kind: 'bogus' }, 'The fault: kind must be one of "error", "delay"'],
  ['POST /faults', { status: 99 }, 'status must be a whole number from 200 to 599.'],
  ['POST /faults', { status: 600 }, 'status must be a whole number from 200 to 599.'],
  ['POST /faults', { status: 204 }, 'status must be a status that has a body.'],
  ['POST /faults', { status: '503' }, 'status must be a whole number from 200 to 599.'],
  ['POST /faults', { code: '60203' }, 'code must be a whole number from 10000 to 99999.'],
  ['POST /faults', { code: 60203.5 }, 'code must be a whole number from 10000 to 99999.'],
  ['POST /faults', { code: 1e9 }, 'code must be a whole number from 10000 to 99999.'],
  ['POST /faults', { code: 60203, times: 0 }, 'times must be a whole number from 1, or null for every call.'],
  ['POST /faults', { code: 60203, times: '2' }, 'times must be a whole number from 1, or null for every call.'],
  ['POST /faults', { code: 60203, path: 7 }, path],
  ['POST /faults', { code: 60203, path: {} }, path],
  ['POST /faults', { code: 60203, path: null }, path],
  ['POST /faults', { code: 60203, path: '/v2/Services?PageSize=1' }, path],
  ['POST /faults', { code: 60203, path: 'Verification Check' }, path],
  ['POST /faults', { code: 60203, to: '14155552671' }, destination],
  ['POST /faults', { code: 60203, to: 'ada' }, destination],
  ['POST /faults', { code: 60203, method: 'SEND' }, 'method must be an HTTP method.'],
  ['POST /faults', { code: 60203, acts: 'no' }, 'acts must be true or false.'],
  ['POST /faults', { delayMs: -1 }, 'delayMs must be a whole number from 0 to 2147483647.'],
  ['POST /faults', { delayMs: 1e12 }, 'delayMs must be a whole number from 0 to 2147483647.'],
  ['POST /faults', { code: 20429, retryAfter: -1 }, 'retryAfter must be a whole number from 0 to 1000000000.'],
  ['POST /faults', { status: 503, headers: { 'a b': 'c' } }, 'an object of headers, by their name'],
  ['POST /faults', { status: 503, headers: { a: 'b\r\nc: d' } }, 'headers.a must be the value of a header.'],
  ['POST /faults', {}, 'A fault needs "kind", "status", "code"'],
  ['POST /faults', { path: '/Verifications', times: 3 }, 'A fault needs'],
  ['POST /faults', { kind: 'delay', delayMs: 5, status: 503 }, 'A fault of kind "delay" has no "status".'],
  ['POST /faults', { kind: 'reset-before', code: 60203 }, 'A fault of kind "reset-before" has no "code".'],
  ['POST /faults', { kind: 'reset-before', acts: true }, '"acts" contradicts the kind "reset-before".'],
  ['POST /faults', { kind: 'reset-after', acts: false }, '"acts" contradicts the kind "reset-after".'],
  ['POST /faults', { delayMs: 5, retryAfter: 7 }, 'A fault of kind "delay" has no "retryAfter".'],
  ['POST /faults', { status: 500, body: 'x', message: 'y' }, '"body" replaces "message": give one of the two.'],
  ['POST /faults', { code: 20429, retryAfter: 7, headers: { 'retry-after': '8' } }, 'both set Retry-After'],
  ['POST /faults', [{ code: 60203 }], 'The body must be a JSON object.'],
  ['POST /faults', null, 'The body must be a JSON object.'],
  ['POST /faults', '{"code": 60203', 'The body must be JSON.'],
  ['POST /faults', 'code=60203', 'The body must be JSON.'],
  ['POST /faults', '{"code": 60203, "code": 60410}', 'The body has the name "code" twice, or it is no name.'],
  ['POST /faults', '{"code": 60203, "\\u0063ode": 60410}', 'The body has the name "code" twice, or it is no name.'],
  ['POST /faults', '{"status": 500, "headers": {"__proto__": "x"}}', '"__proto__" twice, or it is no name'],
  ['POST /faults', { status: 500, body: 'x'.repeat(70_000) }, 'The body must have at most 65536 bytes.'],
  ['POST /faults?times=2', { code: 60203 }, '"times" is unknown'],
  ['POST /clock', {}, 'advance must be a number of seconds.'],
  ['POST /clock', '', 'advance must be a number of seconds.'],
  ['POST /clock', { advance: '600' }, 'advance must be a number of seconds.'],
  ['POST /clock', { advance: null }, 'advance must be a number of seconds.'],
  ['POST /clock', { advance: 1e300 }, 'advance must be a number of seconds, a hundred years at most.'],
  ['POST /clock', { advance: -1e15 }, 'advance must be a number of seconds, a hundred years at most.'],
  ['POST /clock', { advance: 600, by: 1 }, '"by" is unknown'],
  ['POST /clock', { advnce: 600 }, '"advnce" is unknown; the nearest known name is "advance".'],
  ['POST /clock', '{"advance": 600, "advance": 0}', 'The body has the name "advance" twice, or it is no name.'],
  ['POST /services', service({ geo: { allow: 'US' } }), 'geo.allow must be a list.'],
  ['POST /services', service({ geo: { allow: ['USA'] } }), 'The service: geo.allow[0] must be a country'],
  ['POST /services', service({ geo: { deny: ['XX'] } }), '"XX" is no country of ISO 3166-1; the nearest is'],
  ['POST /services', service({ geo: null }), 'geo must be an object.'],
  ['POST /services', service({ channels: 'sms' }), 'channels must be a list.'],
  ['POST /services', service({ channels: ['sms', 'sms'] }), 'channels must be a list without duplicates.'],
  ['POST /services', service({ channels: ['fax'] }), 'channels[0] must be one of'],
  ['POST /services', service({ codeLength: 11 }), 'codeLength must be a whole number from 4 to 10.'],
  ['POST /services', service({ code_length: 6 }), '"code_length" is unknown; the nearest known name is "codeLength".'],
  ['POST /services', service({ createdAt: 0 }), '"createdAt" is unknown'],
  ['POST /services', service({ sid: createEmulator().services.contact }), 'There is a service VA0'],
  ['POST /services', { mailer: false }, 'sid must be VA and 32 hexadecimal digits.'],
  ['POST /services', twice, 'The body has the name "sid" twice, or it is no name.'],
  ['POST /reset', { clock: true }, '"clock" is unknown'],
  ['DELETE /faults?path=/Verifications', undefined, '"path" is unknown'],
  ['DELETE /outbox?to=%2B447400123456', undefined, '"to" is unknown'],
  ['GET /outbox?too=%2B447400123456', undefined, '"too" is unknown; the nearest known name is "to".'],
  ['GET /outbox?to=', undefined, destination],
  ['GET /outbox?to=1&to=2', undefined, destination],
  // A plus that is not escaped is a space.
  ['GET /outbox?to=+14155552671', undefined, destination],
  ['GET /outbox?to=14155552671', undefined, destination],
  ['GET /outbox/events?to=+14155552671', undefined, destination],
  ['GET /calls?to=+14155552671', undefined, destination],
  ['GET /verifications?to=+14155552671', undefined, destination],
  ['GET /outbox?channel=bogus', undefined, 'channel must be one of "sms", "call", "email", "whatsapp", "rcs".'],
  ['GET /outbox?channel=SMS', undefined, 'channel must be one of'],
  ['GET /calls?method=BOGUS', undefined, 'method must be an HTTP method.'],
  ['GET /calls?path=/v2/Services%3FPageSize=1', undefined, path],
  ['GET /verifications?status=bogus', undefined, 'status must be one of "pending", "approved", "canceled"'],
  ['GET /outbox?since=2027-01-31T12:00:00+01:00', undefined, '(in an address, "%2B" stands for "+").'],
  ['POST /reset?clock=1', undefined, '"clock" is unknown; there is no name that is known here.'],
  ['POST /faults', { status: 500, body: nested(101) }, 'The fault: a value may have 100 levels at most.'],
  ['POST /faults', nestedText(20_000), 'The fault: a value may have 100 levels at most.'],
  ['POST /services', service({ skipSmsToLandlines: true }), '"skipSmsToLandlines" needs "lookupEnabled"'],
  ['PATCH /services/VA00000000000000000000000000000001', { skipSmsToLandlines: true }, 'needs "lookupEnabled"'],
  ...['Content-Length', 'transfer-encoding', 'CONNECTION', 'keep-alive', 'Upgrade', 'Trailer'].map(
    (name): [string, unknown, string] => [
      'POST /faults',
      { status: 503, headers: { [name]: '9' } },
      'without those of the connection and of the length.',
    ],
  ),
];

describe('the control plane', () => {
  it.each(refused)('refuses %s with %j, and changes nothing', async (endpoint, body, sentence) => {
    const emulator = createEmulator({ control: true, now: () => 1_800_000_000_000 });
    const { verifications } = functionClient(emulator).verify.v2.services(emulator.services.contact);
    await verifications.create({ to: '+447400999999', channel: 'sms' });
    const [method = '', path = ''] = endpoint.split(' ');
    const content = typeof body === 'string' ? body : JSON.stringify(body);
    const init = { method, ...(body === undefined ? {} : { body: content }) };
    const response = await emulator.fetch(new Request(`http://localhost/__emulator${path}`, init));
    expect(response.status).toBe(400);
    const { error } = (await response.json()) as { error: string };
    expect(error).toMatch(/^[^\n]+\.$/);
    expect(error).toContain(sentence);
    // The clock stands, no fault waits, the service has its settings, and the message is still there.
    expect(emulator.clock.now()).toBe(1_800_000_000_000);
    expect(emulator.outbox.list()).toHaveLength(1);
    for (const channel of ['sms', 'call', 'whatsapp'])
      expect(await verifications.create({ to, channel })).toMatchObject({ status: 'pending' });
    expect(await verifications.create({ to: 'ada@example.com', channel: 'email' })).toMatchObject({ channel: 'email' });
  });

  it('names the nearest route for one that it does not have', async () => {
    const emulator = createEmulator({ control: true });
    const response = await emulator.fetch(new Request('http://localhost/__emulator/fault', { method: 'POST' }));
    expect(response.status).toBe(404);
    expect(await response.json()).toEqual({
      error: '"POST /fault" is unknown; the nearest known name is "POST /faults".',
    });
  });

  it.each([
    [hundredYears, /^99\d\d-/],
    [-hundredYears, /^00\d\d-/],
  ])('moves the clock by %s seconds only where every date has four digits, however often', async (advance, last) => {
    const emulator = createEmulator({ control: true });
    let status = 200;
    for (let times = 0; status === 200 && times < 4_000; times += 1) {
      const body = JSON.stringify({ advance });
      const request = new Request('http://localhost/__emulator/clock', { method: 'POST', body });
      ({ status } = await emulator.fetch(request));
    }
    expect(status).toBe(400);
    expect(new Date(emulator.clock.now()).toISOString()).toMatch(last);
    const { verifications } = functionClient(emulator).verify.v2.services(emulator.services.contact);
    const { dateCreated } = await verifications.create({ to, channel: 'sms' });
    expect(dateCreated.getTime()).toBeLessThanOrEqual(emulator.clock.now());
  });
});

describe('the functions of an emulator', () => {
  it('refuse what the control plane refuses, and change nothing', () => {
    const emulator = createEmulator({ now: () => 0 });
    const { contact } = emulator.services;
    expect(() => emulator.clock.advance(Infinity)).toThrow(TypeError);
    expect(() => emulator.faults.add(loose<Fault>({ pth: '/Verifications', code: 60203 }))).toThrow(
      'The fault: "pth" is unknown; the nearest known name is "path".',
    );
    expect(() => emulator.configureService(contact, loose<ServiceOptions>({ codeLength: 0 }))).toThrow(TypeError);
    expect(() => emulator.faults.add({ code: 60203, to: '14155552671' })).toThrow(destination);
    expect(() => emulator.outbox.list({ to: '14155552671' })).toThrow(destination);
    const round: Record<string, unknown> = {};
    round.round = round;
    expect(() => emulator.faults.add({ status: 500, body: round })).toThrow('The fault: a value may have 100 levels');
    expect(() => emulator.configureService('VA1', {})).toThrow('The emulated account has no service VA1.');
    expect(emulator.clock.now()).toBe(0);
  });
});

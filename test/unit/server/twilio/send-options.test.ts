/** The optional parameters of a send: what Twilio receives, and what its responses mean. */
import { describe, expect, it } from 'vitest';
import { createHandler, type HandlerOptions } from '../../../../src/server/index.js';
import {
  createStack,
  EMAIL,
  OTHER_PHONE,
  PHONE,
  type Stack,
  type StackOptions,
} from '../../../support/backend-stack.js';

const SEND = '/Verifications';
const TEMPLATE = `HJ${'a'.repeat(32)}`;

/** A stack that records the parameters of each send. */
async function recordingStack(twilio: Partial<HandlerOptions['twilio']>, options: StackOptions = {}) {
  const sends: URLSearchParams[] = [];
  const stack: Stack = await createStack({
    ...options,
    twilio: {
      ...twilio,
      async transport(request) {
        if (request.method === 'POST' && request.url.endsWith(SEND))
          sends.push(new URLSearchParams(await request.clone().text()));
        return stack.emulator.fetch(request);
      },
    },
  });
  return { stack, sends };
}

const limits = { subject: 'subject', prefix: 'prefix', total: 'total' };
const limitsOf = (sent: URLSearchParams | undefined) =>
  JSON.parse(sent?.get('RateLimits') ?? '{}') as Record<string, string>;

/** Creates a rate limit in the emulator, as the owner of the account would. */
async function createRateLimit(stack: Stack, name: string, max: number): Promise<void> {
  const { accountSid, authToken } = stack.emulator.credentials;
  const authorization = `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`;
  const post = async (path: string, form: Record<string, string>) => {
    const url = `https://verify.twilio.com/v2/Services/${stack.emulator.services.contact}/RateLimits${path}`;
    const body = new URLSearchParams(form);
    return stack.emulator.fetch(new Request(url, { method: 'POST', headers: { authorization }, body }));
  };
  const { sid } = (await (await post('', { UniqueName: name })).json()) as { sid: string };
  await post(`/${sid}/Buckets`, { Max: String(max), Interval: '3600' });
}

it('without options a send has only destination, channel and language', async () => {
  const { stack, sends } = await recordingStack({});
  await stack.as('ada').contact({ to: PHONE, locale: 'de' });
  expect([...(sends[0]?.keys() ?? [])].sort()).toEqual(['Channel', 'Locale', 'To']);
});

describe('rate limits at Twilio', () => {
  it('count the subject without identifying anybody, the first seven digits of the number, and the total', async () => {
    const { stack, sends } = await recordingStack({ rateLimits: limits });
    await stack.as('ada').contact({ to: PHONE });
    await stack.as('ada').contact({ to: OTHER_PHONE });
    await stack.as(null).contact({ to: EMAIL });
    const [first, second, third] = sends.map(limitsOf);
    expect(first).toMatchObject({ prefix: '1415555', total: 'all' });
    expect(second).toEqual({ ...first, prefix: '4474001' });
    expect(Object.keys(third ?? {}).sort()).toEqual(['subject', 'total']);
    expect(third?.subject).not.toBe(first?.subject);
    expect(JSON.stringify([first, third])).not.toMatch(/"ada"|198\.51/);
  });

  it('apply even where ours do not, and the person gets the wait', async () => {
    const { stack } = await recordingStack({ rateLimits: { total: 'total' } });
    await createRateLimit(stack, 'total', 2);
    await stack.as('ada').contact({ to: PHONE });
    await stack.as('bob').contact({ to: OTHER_PHONE });
    const { problem, body, response } = await stack.as('cy').contact({ to: EMAIL });
    expect([problem, body.retryIn, response.headers.get('retry-after')]).toEqual(['too-many-sends', 3600, '3600']);
    expect(stack.events).toContainEqual({
      type: 'warning',
      hint: expect.stringMatching(/limit total /) as string,
      twilioCode: 20429,
    });
    expect(stack.emulator.outbox.list()).toHaveLength(2);
  });
});

describe('the device', () => {
  it.each([
    ['198.51.100.7', '198.51.100.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::'],
    [undefined, null],
  ])('at %s is sent to Twilio as %s', async (address, deviceIp) => {
    const { stack, sends } = await recordingStack(
      { deviceIp: true, riskCheck: 'enable' },
      { clientAddress: () => address ?? null },
    );
    expect((await stack.as(null).contact({ to: PHONE })).status).toBe(201);
    expect([sends[0]?.get('DeviceIp') ?? null, sends[0]?.get('RiskCheck')]).toEqual([deviceIp, 'enable']);
  });
});

it('tags, a friendly name and a template reach the message; e-mail and WhatsApp have no template', async () => {
  const { stack, sends } = await recordingStack({
    tags: { app: 'shop' },
    customFriendlyName: 'Shop 24',
    templateSid: TEMPLATE,
  });
  stack.emulator.faults.add({ path: SEND, code: 60228, times: 1 });
  expect((await stack.as('ada').contact({ to: PHONE })).problem).toBe('misconfigured');
  expect((await stack.as('ada').contact({ to: EMAIL })).status).toBe(201);
  expect((await stack.as('ada').contact({ to: OTHER_PHONE, channel: 'whatsapp' })).status).toBe(201);
  expect(sends.map((sent) => sent.get('TemplateSid'))).toEqual([TEMPLATE, null, null]);
  expect(JSON.parse(sends[1]?.get('Tags') ?? '')).toEqual({ app: 'shop' });
  expect(stack.emulator.outbox.latest(EMAIL)?.text).toContain('Shop 24');
});

it.each([
  [{ rateLimits: { subject: 'one', total: 'one' } }, 'twilio.rateLimits'],
  [{ rateLimits: { total: 'a b' } }, 'twilio.rateLimits'],
  [{ tags: Object.fromEntries(Array.from({ length: 11 }, (_, i) => [`t${i}`, ''])) }, 'twilio.tags'],
  [{ tags: { long: 'x'.repeat(129) } }, 'twilio.tags'],
  [{ customFriendlyName: 'Code 12345' }, 'twilio.customFriendlyName'],
  [{ templateSid: 'HJ1' }, 'twilio.templateSid'],
])('options that Twilio would refuse at every send are refused at the start: %j', async (wrong, name) => {
  const { keys, emulator } = await createStack();
  const { accountSid, authToken } = emulator.credentials;
  const twilio = { accountSid, authToken, contactService: emulator.services.contact, ...wrong };
  expect(() => createHandler({ audience: 'x', keys, twilio })).toThrow(name);
});

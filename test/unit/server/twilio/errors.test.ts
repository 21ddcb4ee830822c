/** Every error that Twilio can answer to a send or a check: the person's problem and the owner's hint. */
import { describe, expect, it } from 'vitest';
import { createStack, PHONE } from '../../../support/backend-stack.js';

const VERIFY = 'https://www.twilio.com/docs/api/errors';

/** Twilio's code, HTTP status, the person's problem, and whether the owner gets a hint. */
const onSend: [number, number, string, boolean][] = [
  [20001, 400, 'misconfigured', true],
  [20003, 401, 'misconfigured', true],
  [20004, 405, 'misconfigured', true],
  [20404, 404, 'misconfigured', true],
  [20429, 429, 'unavailable', true],
  [20500, 500, 'unavailable', false],
  [20503, 503, 'unavailable', false],
  [21608, 403, 'misconfigured', true],
  [60001, 400, 'misconfigured', true],
  [60202, 429, 'too-many-attempts', false],
  [60203, 429, 'too-many-sends', false],
  [60204, 403, 'misconfigured', true],
  [60205, 403, 'unsupported-channel', false],
  [60206, 400, 'misconfigured', true],
  [60212, 429, 'resend-too-soon', false],
  [60214, 400, 'misconfigured', true],
  [60217, 400, 'misconfigured', true],
  [60218, 400, 'misconfigured', true],
  [60219, 400, 'misconfigured', true],
  [60220, 400, 'unsupported-contact', true],
  [60222, 403, 'misconfigured', true],
  [60223, 400, 'unsupported-channel', true],
  [60224, 400, 'misconfigured', true],
  [60227, 400, 'unsupported-channel', true],
  [60228, 400, 'misconfigured', true],
  [60229, 400, 'misconfigured', true],
  [60238, 403, 'blocked', true],
  [60242, 400, 'misconfigured', true],
  [60245, 429, 'unavailable', true],
  [60251, 400, 'misconfigured', true],
  [60252, 400, 'misconfigured', true],
  [60408, 400, 'misconfigured', true],
  [60410, 403, 'blocked', true],
  [60412, 403, 'blocked', true],
  [60413, 403, 'blocked', true],
  [60602, 400, 'misconfigured', true],
  [60605, 403, 'unsupported-contact', true],
  [99999, 400, 'misconfigured', true],
  [99999, 429, 'unavailable', false],
];

const twilioText = 'Twilio said +14155552671 secret words';
const errorBody = (code: number, status: number, message = twilioText) => ({
  code,
  message,
  more_info: `${VERIFY}/${code}`,
  status,
});

describe('a send', () => {
  it.each(onSend)('%i (HTTP %i) is %s', async (code, status, problem, hinted) => {
    const stack = await createStack();
    stack.emulator.faults.add({
      path: '/Verifications',
      method: 'POST',
      status,
      body: errorBody(code, status),
      // A number that takes no text messages is called.
      times: code === 60205 ? 2 : 1,
    });
    const { body, response } = await stack.as(null).contact({ to: PHONE });
    expect(body.code).toBe(problem);
    if (body.status === 429 || body.status === 503)
      expect(response.headers.get('retry-after')).toBe(body.retryIn === undefined ? null : String(body.retryIn));
    const hints = stack.events.filter(({ type }) => type === 'misconfigured' || type === 'warning');
    expect(hints.length > 0).toBe(hinted);
    if (hinted) expect(hints[0]).toMatchObject({ twilioCode: code });
    expect([...stack.said, JSON.stringify(stack.events)].join()).not.toMatch(/Twilio said|secret words|\+14155552671/);
  });

  it.each([
    ['Invalid parameter `To`: +14155552671', 'invalid-contact'],
    ['Invalid parameter: To', 'invalid-contact'],
    ['Invalid parameter: Channel', 'unsupported-channel'],
    ['Invalid parameter: Locale', 'misconfigured'],
  ])('60200 "%s" is %s', async (message, problem) => {
    const stack = await createStack();
    stack.emulator.faults.add({
      path: '/Verifications',
      method: 'POST',
      status: 400,
      body: errorBody(60200, 400, message),
    });
    expect((await stack.as(null).contact({ to: PHONE })).problem).toBe(problem);
    expect(JSON.stringify(stack.events)).not.toContain(PHONE);
  });

  it('after Twilio’s five sends a person waits until the code has expired', async () => {
    const stack = await createStack();
    const { body } = await stack.as(null).contact({ to: PHONE });
    stack.clock.advance(100);
    stack.emulator.faults.add({ path: '/Verifications', code: 60203 });
    expect((await stack.as(null).resend({ challenge: body.challenge })).body).toMatchObject({
      code: 'too-many-sends',
      retryIn: 500,
    });
  });

  it('RFC 9457 errors and HTML pages are mapped by status and code', async () => {
    for (const [kind, problem] of [
      ['html-502', 'unavailable'],
      ['broken-json', null],
    ] as const) {
      const stack = await createStack();
      stack.emulator.faults.add({ path: '/Verifications', method: 'POST', kind });
      expect((await stack.as(null).contact({ to: PHONE })).problem).toBe(problem);
    }
    const stack = await createStack();
    const body = { type: 'https://www.twilio.com/x', title: twilioText, status: 403, code: 60410, detail: twilioText };
    stack.emulator.faults.add({ path: '/Verifications', method: 'POST', status: 403, body });
    expect((await stack.as(null).contact({ to: PHONE })).problem).toBe('blocked');
  });
});

describe('a check', () => {
  it.each([
    [20404, 404, 'code-expired'],
    [60202, 429, 'too-many-attempts'],
    [20003, 401, 'misconfigured'],
    [20429, 429, 'unavailable'],
    [60221, 400, 'misconfigured'],
    [60238, 403, 'blocked'],
    [20500, 500, 'unavailable'],
    [99999, 418, 'misconfigured'],
  ])('%i (HTTP %i) is %s', async (code, status, problem) => {
    const stack = await createStack();
    const { body } = await stack.as(null).contact({ to: PHONE });
    stack.emulator.faults.add({ path: '/VerificationCheck', status, body: errorBody(code, status) });
    expect((await stack.as(null).check(body.challenge, stack.wrongCode(PHONE))).problem).toBe(problem);
    expect([...stack.said, JSON.stringify(stack.events)].join()).not.toMatch(/Twilio said|secret words/);
  });

  it('a code length that differs from the service’s is reported to the owner', async () => {
    const stack = await createStack();
    const { body } = await stack.as(null).contact({ to: PHONE });
    stack.emulator.faults.add({
      path: '/VerificationCheck',
      status: 400,
      body: errorBody(60200, 400, 'Invalid parameter: Code'),
    });
    expect((await stack.as(null).check(body.challenge, stack.wrongCode(PHONE))).problem).toBe('misconfigured');
    expect(JSON.stringify(stack.events)).toContain('codeLength');
  });
});

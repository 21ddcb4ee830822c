/** Which sends that came to nothing stay counted as tries: those that Twilio or a look-up saw, and no others. */
import { describe, expect, it } from 'vitest';
import { createStack, PHONE, type Stack, type StackOptions } from '../../../../support/backend-stack.js';

const SEND = '/Verifications';
/** Few tries, so that a test needs few requests. */
const limits: StackOptions['limits'] = { sends: { address: { perHour: 1, perDay: 1 }, tries: 3 } };

/** The problems of so many starts, one after another. */
async function starts(stack: Stack, times: number, to = PHONE): Promise<(string | null)[]> {
  const problems: (string | null)[] = [];
  for (let i = 0; i < times; i += 1) problems.push((await stack.as(null).contact({ to })).problem);
  return problems;
}

describe('a send that never reached Twilio is no try', () => {
  it('because the host refused it', async () => {
    let answer: boolean | undefined = false;
    const stack = await createStack({ limits, beforeSend: () => answer });
    expect(await starts(stack, 5)).toEqual(new Array(5).fill('blocked'));
    answer = true;
    expect(await starts(stack, 1)).toEqual([null]);
  });

  it('because the host’s hook failed, which its owner hears of', async () => {
    let fails = true;
    const stack = await createStack({
      limits,
      beforeSend: () => (fails ? Promise.reject(new RangeError(`captcha of ${PHONE}`)) : undefined),
    });
    expect(await starts(stack, 5)).toEqual(new Array(5).fill('unavailable'));
    expect(stack.events.filter(({ type }) => type === 'unavailable')).toEqual(
      new Array(5).fill({
        type: 'unavailable',
        component: 'beforeSend',
        reason: expect.stringMatching(/^RangeError at /) as string,
      }),
    );
    fails = false;
    expect(await starts(stack, 1)).toEqual([null]);
  });

  it('because Twilio cannot be called at the moment', async () => {
    const stack = await createStack({ limits: { sends: { address: { perHour: 2, perDay: 2 }, tries: 10 } } });
    stack.emulator.faults.add({ path: SEND, kind: 'reset-before', times: Infinity });
    await starts(stack, 5);
    const calls = stack.calls().length;
    // The circuit breaker is open: nothing is called, and nothing is counted.
    expect(await starts(stack, 25)).toEqual(new Array(25).fill('unavailable'));
    expect(await starts(stack, 25, '+14155552672')).toEqual(new Array(25).fill('unavailable'));
    expect(stack.calls()).toHaveLength(calls);
    stack.emulator.faults.clear();
    stack.clock.advance(30);
    expect(await starts(stack, 1)).toEqual([null]);
  });
});

describe('a send that reached Twilio is a try', () => {
  it('and is refused with the wait once there were too many, without a call', async () => {
    const stack = await createStack({ limits });
    stack.emulator.faults.add({ path: SEND, code: 60410, times: Infinity });
    expect(await starts(stack, 5)).toEqual(['blocked', 'blocked', 'blocked', 'too-many-sends', 'too-many-sends']);
    expect(stack.calls()).toHaveLength(3);
  });

  it('also if Twilio gave no answer, and nothing went out', async () => {
    const stack = await createStack({ limits });
    stack.emulator.faults.add({ path: SEND, method: 'POST', kind: 'reset-before', times: 3 });
    expect(await starts(stack, 4)).toEqual(['unavailable', 'unavailable', 'unavailable', 'too-many-sends']);
  });

  it('also if the number could not be looked up', async () => {
    const stack = await createStack({ limits, twilio: { lookup: true } });
    stack.emulator.faults.add({ path: '/PhoneNumbers/', status: 400, code: 20001, times: Infinity });
    expect(await starts(stack, 4)).toEqual(['misconfigured', 'misconfigured', 'misconfigured', 'too-many-sends']);
  });
});

/** Key rotation with the output of `verify-contact keys`: no request is refused, whichever instances have already taken the step. */
import { describe, expect, it } from 'vitest';
import { printKeys, printNextKeys, printRotation } from '../../../../src/cli/keys.js';
import type { Keys } from '../../../../src/server/index.js';
import { readSettings } from '../../../../src/cli/settings/handler-settings.js';
import { createStack, PHONE, type Stack } from '../../../support/backend-stack.js';

type Env = Record<string, string>;

/** The printed settings, as a shell would read them. */
async function printedSettings(print: (to: (line: string) => void) => unknown): Promise<Env> {
  const printed: string[] = [];
  await print((line) => printed.push(line));
  const pairs = printed.join('\n').matchAll(/^([A-Z_]+)='?(.*?)'?$/gm);
  return Object.fromEntries([...pairs].map(([, name, value]) => [name ?? '', value ?? '']));
}

function keysOf(env: Env): Keys {
  const rest = {
    TWILIO_ACCOUNT_SID: `AC${'1'.repeat(32)}`,
    TWILIO_AUTH_TOKEN: 'a-token',
    TWILIO_VERIFY_SERVICE_SID: `VA${'3'.repeat(32)}`,
    VERIFY_AUDIENCE: 'https://shop.example',
    VERIFY_ANONYMOUS: 'true',
  };
  return readSettings({ ...rest, ...env }).handler.keys;
}

/** The environments before a rotation and after each of its three steps. */
async function rotationSteps(): Promise<[Env, Env, Env, Env]> {
  const before = await printedSettings(printKeys);
  const announced = { ...before, ...(await printedSettings(printNextKeys)) };
  const rotated = await printedSettings((print) => printRotation(announced, print));
  const { VERIFY_SECRET = '', VERIFY_SIGNING_KEY = '' } = rotated;
  return [before, announced, rotated, { VERIFY_SECRET, VERIFY_SIGNING_KEY }];
}

type KeySet = Parameters<Stack['verify']>[1] extends infer E | undefined ? Extract<NonNullable<E>, object> : never;

/** The key set that a host has cached from this instance. */
async function published(instance: Stack): Promise<NonNullable<KeySet['jwks']>> {
  return (await (await instance.get('jwks.json')).json()) as NonNullable<KeySet['jwks']>;
}

describe('at each step of a rotation', () => {
  const steps = ['announcing the next keys', 'rotating', 'dropping the previous ones a day later'];
  it.each(steps.map((name, step) => [name, step] as const))(
    '%s: one instance continues what another began, and every host can verify every proof',
    async (_, step) => {
      const all = await rotationSteps();
      const old = await createStack({ keys: keysOf(all[step] ?? {}) });
      const others = { sharing: old, store: old.store };
      const fresh = await createStack({ ...others, keys: keysOf(all[step + 1] ?? {}) });
      // A host's cache may be five minutes old, so each step waits that long for the one before.
      const cached = [await published(old), await published(fresh)];
      for (const [from, to] of [
        [old, fresh],
        [fresh, old],
      ] as const) {
        const started = await from.as(null).contact({ to: PHONE });
        expect(started.status).toBe(201);
        old.clock.advance(300);
        const resent = await to.as(null).resend({ challenge: started.body.challenge });
        expect(resent.status).toBe(200);
        const checked = await from.as(null).check(resent.body.challenge, from.code(PHONE));
        expect(checked.status).toBe(200);
        for (const jwks of cached) {
          expect((await from.verify(checked.body.proof, { jwks })).contact?.value).toBe(PHONE);
        }
        // Wait a day, so that the limits allow the next send.
        old.clock.advance(86_400);
      }
    },
  );

  it('a rotation gives nobody a new budget of attempts', async () => {
    const [, announced, rotated] = await rotationSteps();
    const old = await createStack({ keys: keysOf(announced) });
    const fresh = await createStack({ sharing: old, store: old.store, keys: keysOf(rotated) });
    const { body } = await old.as(null).contact({ to: PHONE });
    for (const left of [3, 2]) {
      expect((await old.as(null).check(body.challenge, old.wrongCode(PHONE))).body.attemptsLeft).toBe(left);
    }
    expect((await fresh.as(null).check(body.challenge, old.wrongCode(PHONE))).body.attemptsLeft).toBe(1);
  });
});

describe('the second step', () => {
  it('is refused before the first step, and until the last rotation is finished', async () => {
    const [before, announced, rotated] = await rotationSteps();
    const print = () => undefined;
    expect(() => printRotation(before, print)).toThrow(/^VERIFY_NEXT_SECRET is missing: .+\.$/);
    const again = { ...rotated, ...(await printedSettings(printNextKeys)) };
    expect(() => printRotation(again, print)).toThrow(/^VERIFY_PREVIOUS_SECRET is of the last rotation: .+\.$/);
    expect(() => keysOf({ ...announced, VERIFY_NEXT_SECRET: announced.VERIFY_SECRET ?? '' })).toThrow(
      'VERIFY_NEXT_SECRET is the same as the current one',
    );
  });
});

/** Two people share a number. Twilio approves the one, nobody hears of it, and the other hopes to inherit that with a wrong code. */
import { describe, expect, it } from 'vitest';
import { actor } from '../../support/attacker.js';
import { recordAttack } from '../../support/attack-metrics.js';
import { createStack, PHONE } from '../../support/backend-stack.js';

const CHECK = '/VerificationCheck';

/** Ada's right code was approved, but she got no answer, and Twilio's list of attempts does not name the approval yet. */
async function unheardApproval() {
  let lags = true;
  let catchesUp = false;
  const stack = await createStack({
    twilio: {
      async transport(request) {
        const response = await stack.emulator.fetch(request).finally(() => {
          if (catchesUp && request.url.endsWith(CHECK)) lags = false;
        });
        return lags && request.url.includes('/Attempts')
          ? Response.json({ attempts: [], meta: { key: 'attempts', page: 0, page_size: 50 } })
          : response;
      },
    },
  });
  const ada = actor(stack, { user: 'ada' });
  const mallory = actor(stack, { user: 'mallory', address: '203.0.113.9' });
  const hers = (await ada.contact({ to: PHONE })).body.challenge;
  const stolen = (await mallory.contact({ to: PHONE })).body.challenge;
  const [right, wrong] = [stack.code(PHONE), stack.wrongCode(PHONE)];
  const key = crypto.randomUUID();
  const fault = (kind: 'reset-before' | 'reset-after') => stack.emulator.faults.add({ path: CHECK, kind });
  return {
    stack,
    fault,
    adaGuessesWrong: () => ada.check(hers, wrong),
    adaChecks: () => ada.check(hers, right, key),
    malloryGuesses: () => mallory.check(stolen, wrong),
    /** The list is right from the next check on. */
    catchUp: () => void (catchesUp = true),
  };
}
type Scene = Awaited<ReturnType<typeof unheardApproval>>;

async function adaGoesUnheard({ adaChecks, fault }: Scene): Promise<void> {
  fault('reset-after');
  expect((await adaChecks()).problem).toBe('unavailable');
}

/** What happens between Ada's lost answer and the wrong code that counts on it. */
const meanwhile: [string, (scene: Scene) => Promise<void>][] = [
  ['nothing else happened', adaGoesUnheard],
  [
    'a limit refused her when she tried again',
    async (scene) => {
      for (let i = 0; i < 2; i += 1) expect((await scene.adaGuessesWrong()).problem).toBe('wrong-code');
      await adaGoesUnheard(scene);
      const refused = await scene.adaChecks();
      expect(refused.problem).toBe('too-many-attempts');
      scene.stack.clock.advance(refused.body.retryIn ?? 0);
    },
  ],
  [
    'Twilio answered her, when she tried again, that there is no such verification',
    async (scene) => {
      await adaGoesUnheard(scene);
      expect((await scene.adaChecks()).problem).toBe('code-expired');
    },
  ],
  [
    'Twilio refused the credentials when she tried again',
    async (scene) => {
      await adaGoesUnheard(scene);
      scene.stack.emulator.faults.add({ path: CHECK, status: 401, code: 20003 });
      expect((await scene.adaChecks()).problem).toBe('misconfigured');
    },
  ],
  [
    'Twilio refused an earlier wrong code of the other',
    async (scene) => {
      await adaGoesUnheard(scene);
      scene.stack.emulator.faults.add({ path: CHECK, status: 429, code: 20429 });
      expect((await scene.malloryGuesses()).problem).toBe('unavailable');
    },
  ],
];

describe('a wrong code that got no answer inherits nobody’s approval, if', () => {
  let accepted = 0;
  it.each(meanwhile)('%s', async (_, happen) => {
    const scene = await unheardApproval();
    await happen(scene);
    scene.fault('reset-before');
    // Where Twilio is asked before the check, the list still lags; after it, the list names Ada's approval.
    scene.catchUp();
    const { status } = await scene.malloryGuesses();
    if (status < 400) accepted += 1;
    expect(status).toBeGreaterThanOrEqual(400);
    expect(await scene.stack.accounts.contacts('mallory')).toEqual({ twoFactorRequired: false });
  });

  it('all of these: successes = 0', () => {
    expect(accepted).toBe(0);
    recordAttack({ attack: `${meanwhile.length} wrong codes after an approval nobody heard of`, budget: 0, accepted });
  });
});

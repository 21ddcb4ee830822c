/** Who makes a request, as the host says, and what they may do with it. */
import { describe, expect, it } from 'vitest';
import type { Identity } from '../../../../src/server/index.js';
import type { ChallengePayload } from '../../../../src/server/tokens/challenge-token.js';
import { resolveSubject, type Requester } from '../../../../src/server/verification/requester.js';
import { createStack, PHONE } from '../../../support/backend-stack.js';

describe('an id that the host gives a user', () => {
  it.each(['', 5, null, undefined, {}, 'x'.repeat(257)])('%j is refused, and the owner reads why', async (id) => {
    const stack = await createStack({ identify: () => ({ id }) as Identity });
    expect((await stack.as(null).contact({ to: PHONE })).problem).toBe('misconfigured');
    expect(stack.events.filter(({ type }) => type === 'misconfigured')).toEqual([
      { type: 'misconfigured', hint: 'identify must return an id that is a string of 1 to 256 characters.' },
    ]);
    expect(stack.calls()).toEqual([]);
  });

  it('may have 256 characters', async () => {
    const stack = await createStack({ identify: () => ({ id: 'x'.repeat(256) }) });
    expect((await stack.as(null).contact({ to: PHONE })).status).toBe(201);
  });
});

describe('a visitor without a session', () => {
  it.each(['Bearer', 'Bearer x', 'bearer x'])('with `Authorization: %s` has lost it', async (authorization) => {
    const stack = await createStack({ identify: () => null });
    expect((await stack.post('contact', { to: PHONE }, { authorization })).status).toBe(401);
  });

  it.each(['Basic Bearer', 'Bearerish x', 'Basic YTpi'])(
    'with `Authorization: %s` never had one with us',
    async (authorization) => {
      const stack = await createStack({ identify: () => null });
      expect((await stack.post('contact', { to: PHONE }, { authorization })).status).toBe(201);
    },
  );
});

it('a host without two-factor is not asked for the accounts when a user verifies a contact', async () => {
  let asked = 0;
  const stack = await createStack({
    twoFactor: { required: 'never' },
    accounts: {
      contacts: () => ((asked += 1), Promise.reject(new Error('down'))),
      contactVerified: () => Promise.resolve(),
    },
  });
  expect((await stack.as('ada').contact({ to: PHONE })).status).toBe(201);
  expect(asked).toBe(0);
});

describe('a challenge belongs to', () => {
  const challenge = (purpose: 'contact' | 'two-factor', subject: string | null) =>
    ({ purpose, subject }) as ChallengePayload;
  const requester = (subject: string | null) => ({ subject }) as Requester;

  it('its user, for either purpose', () => {
    for (const purpose of ['contact', 'two-factor'] as const)
      expect(resolveSubject(challenge(purpose, 'ada'), requester('ada'))).toBe('ada');
  });

  it('whoever signs in after starting it without a session, if it is for a contact', () => {
    expect(resolveSubject(challenge('contact', null), requester('ada'))).toBe('ada');
    expect(resolveSubject(challenge('contact', null), requester(null))).toBeNull();
  });

  it.each([
    ['contact', 'ada', 'bob'],
    ['contact', 'ada', null],
    ['two-factor', 'ada', 'bob'],
    ['two-factor', 'ada', null],
    ['two-factor', null, 'ada'],
  ] as const)('nobody else: that for %s of %s is not %s’s', (purpose, owner, other) => {
    expect(() => resolveSubject(challenge(purpose, owner), requester(other))).toThrow(
      expect.objectContaining({ code: 'invalid-challenge' }) as Error,
    );
  });
});

/** Proofs that a page gives back: the question whether one holds opens nothing, and teaches nothing about the proofs of others. */
import { CompactSign, generateKeyPair, importJWK, type CryptoKey } from 'jose';
import { describe, expect, it } from 'vitest';
import { AUDIENCE, createStack, EMAIL, PHONE, type Stack } from '../../support/backend-stack.js';
import { actor, addressOf, type Requester } from '../../support/attacker.js';
import { recordAttack } from '../../support/attack-metrics.js';

const ask = (stack: Stack, body: object, who: Requester = {}) => actor(stack, who).post('proof', body);

/** A proof of that contact, as the backend issues it. */
async function proofOf(stack: Stack, to: string, user: string | null, context?: string): Promise<string> {
  const { challenge } = (await actor(stack, { user }).contact({ to, context })).body;
  return (await actor(stack, { user }).check(challenge, stack.code(to))).body.proof;
}

const parts = (proof: string): [object, Record<string, unknown>] => {
  const [header = '', payload = ''] = proof.split('.');
  const read = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>;
  return [read(header), read(payload)];
};

/** A proof with these headers and claims, signed by that key. */
function sign(header: object, claims: object, key: CryptoKey): Promise<string> {
  return new CompactSign(Buffer.from(JSON.stringify(claims))).setProtectedHeader(header as { alg: string }).sign(key);
}

describe('a proof is not confirmed', () => {
  it('to anybody but its subject: neither to another user, nor to nobody, nor a stranger’s to a user', async () => {
    const stack = await createStack();
    const adas = await proofOf(stack, PHONE, 'ada');
    const nobodys = await proofOf(stack, EMAIL, null);
    const answers = await Promise.all([
      ask(stack, { proof: adas }, { user: 'mallory' }),
      ask(stack, { proof: adas }),
      ask(stack, { proof: nobodys }, { user: 'mallory' }),
    ]);
    expect(answers.map(({ problem }) => problem)).toEqual(['invalid-proof', 'invalid-proof', 'invalid-proof']);
    expect((await ask(stack, { proof: adas }, { user: 'ada' })).status).toBe(200);
    expect((await ask(stack, { proof: nobodys })).status).toBe(200);
    recordAttack({ attack: '3 proofs of another subject given back', budget: 0, accepted: 0 });
  });

  it('for another context than its own, in either direction', async () => {
    const stack = await createStack();
    const bound = await proofOf(stack, PHONE, null, 'order 7');
    const free = await proofOf(stack, EMAIL, null);
    for (const body of [
      { proof: bound },
      { proof: bound, context: 'order 8' },
      { proof: bound, context: '' },
      { proof: free, context: 'order 7' },
    ])
      expect((await ask(stack, body)).problem).toBe('invalid-proof');
    expect((await ask(stack, { proof: bound, context: 'order 7' })).status).toBe(200);
  });

  it('if it is a second factor: no page can give one back', async () => {
    const stack = await createStack();
    await stack.accounts.contactVerified('ada', { type: 'phone', value: PHONE });
    await stack.accounts.setTwoFactorRequired('ada', true);
    const ada = actor(stack, { user: 'ada' });
    const { challenge } = (await ada.twoFactor()).body;
    const { proof } = (await ada.check(challenge, stack.code(PHONE))).body;
    expect((await ask(stack, { proof }, { user: 'ada' })).problem).toBe('invalid-proof');
    // And what is no proof at all: a challenge.
    const open = (await actor(stack).contact({ to: EMAIL })).body.challenge;
    expect((await ask(stack, { proof: open })).problem).toBe('invalid-proof');
  });

  it('by a backend of another audience or another issuer, though it has the same keys', async () => {
    const stack = await createStack();
    const proof = await proofOf(stack, PHONE, null);
    const elsewhere = await createStack({ sharing: stack, audience: 'https://other.example' });
    expect((await ask(elsewhere, { proof })).problem).toBe('invalid-proof');
    const renamed = await createStack({ sharing: stack, issuer: 'https://other.example' });
    expect((await ask(renamed, { proof })).problem).toBe('invalid-proof');
  });

  it('once it has expired, to the second', async () => {
    const stack = await createStack();
    const proof = await proofOf(stack, PHONE, null);
    stack.clock.advance(1799);
    expect((await ask(stack, { proof })).status).toBe(200);
    stack.clock.advance(1);
    expect((await ask(stack, { proof })).problem).toBe('invalid-proof');
  });

  it('if it is forged: no signature, another key, its own key in the header, another type, longer claims', async () => {
    const stack = await createStack();
    const proof = await proofOf(stack, PHONE, null);
    const [header, claims] = parts(proof);
    const ours = (await importJWK(stack.keys.signing, 'ES256')) as CryptoKey;
    const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
    const longer = { ...claims, exp: Number(claims.exp) + 86_400 };
    const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
    const forged = [
      `${encode({ ...header, alg: 'none' })}.${encode(longer)}.`,
      `${proof.split('.')[0]}.${encode(longer)}.${proof.split('.')[2]}`,
      await sign(header, longer, privateKey),
      await sign({ ...header, jwk: await crypto.subtle.exportKey('jwk', publicKey) }, longer, privateKey),
      // A JWT of the same keys that is not a proof (RFC 8725 section 3.11).
      await sign({ ...header, typ: 'JWT' }, claims, ours),
      await sign(header, { ...claims, contact: undefined }, ours),
      await sign(header, { ...claims, aud: undefined }, ours),
      `${proof}=`,
      proof.slice(0, -1),
    ];
    const answers = new Set<string>();
    for (const one of forged) {
      const { status, body, response } = await ask(stack, { proof: one });
      answers.add(`${status} ${JSON.stringify(body)} ${JSON.stringify([...response.headers])}`);
    }
    expect([...answers]).toHaveLength(1);
    expect([...answers][0]).toMatch(/^422 .*invalid-proof/);
    // Signed by us and in order: the faults above are what was refused.
    expect((await ask(stack, { proof: await sign(header, claims, ours) })).status).toBe(200);
    recordAttack({ attack: `${forged.length} forged proofs given back`, budget: 0, accepted: 0, calls: 0 });
  });
});

describe('the question', () => {
  it('is no oracle: every fault has the same answer, byte for byte', async () => {
    const stack = await createStack();
    const adas = await proofOf(stack, PHONE, 'ada', 'order 7');
    const other = await createStack();
    const foreign = await proofOf(other, PHONE, 'mallory');
    const mallory: Requester = { user: 'mallory' };
    const said = async (body: object) => {
      const { status, body: answer, response } = await ask(stack, body, mallory);
      return `${status} ${JSON.stringify(answer)} ${JSON.stringify([...response.headers])}`;
    };
    const whileValid = [await said({ proof: adas }), await said({ proof: adas, context: 'order 7' })];
    stack.clock.advance(86_400);
    const answers = [
      ...whileValid,
      await said({ proof: adas }),
      await said({ proof: foreign }),
      await said({ proof: 'x' }),
    ];
    expect(new Set(answers).size).toBe(1);
    for (const secret of [PHONE, 'ada', 'order 7']) expect(answers.join()).not.toContain(secret);
    recordAttack({ attack: 'asking about a stolen proof', budget: 0, accepted: 0, note: 'one answer for every fault' });
  });

  it('opens nothing: a confirmed proof neither verifies another contact nor passes for a second factor', async () => {
    const stack = await createStack();
    await stack.accounts.contactVerified('ada', { type: 'phone', value: PHONE });
    await stack.accounts.setTwoFactorRequired('ada', true);
    const proof = await proofOf(stack, EMAIL, 'ada+2');
    expect((await ask(stack, { proof }, { user: 'ada' })).status).toBe(200);
    expect((await actor(stack, { user: 'ada' }).contact({ to: '+447400123456' })).problem).toBe('two-factor-needed');
    await expect(stack.verify(proof, { subject: 'ada', purpose: 'two-factor' })).rejects.toThrow();
  });

  it('is refused across sites, and answers no GET', async () => {
    const stack = await createStack();
    const proof = await proofOf(stack, PHONE, null);
    const headers = { 'sec-fetch-site': 'cross-site', origin: 'https://attacker.example' };
    expect((await actor(stack, { headers }).post('proof', { proof })).problem).toBe('forbidden-origin');
    expect((await actor(stack, { headers: { 'content-type': 'text/plain' } }).post('proof', { proof })).status).toBe(
      400,
    );
    expect((await stack.get('proof')).status).toBe(405);
  });

  it('is answered 120 times an hour to one address, whoever asks and whatever is given', async () => {
    const stack = await createStack();
    const proof = await proofOf(stack, PHONE, 'ada');
    let answered = 0;
    let last;
    for (let n = 0; n < 150; n += 1) {
      const user = n % 2 ? 'ada' : null;
      last = await ask(stack, { proof: n % 3 ? proof : 'made.up.proof' }, { user });
      if (last.status !== 429) answered += 1;
    }
    expect(answered).toBe(120);
    expect(last?.problem).toBe('too-many-attempts');
    expect(last?.response.headers.get('retry-after')).toBe(String(last?.body.retryIn));
    // Another address is not concerned, and neither are codes.
    expect((await ask(stack, { proof }, { user: 'ada', address: addressOf(1) })).status).toBe(200);
    expect((await actor(stack).contact({ to: EMAIL })).status).toBe(201);
    stack.clock.advance(last?.body.retryIn ?? 0);
    expect((await ask(stack, { proof: 'made.up.proof' })).problem).toBe('invalid-proof');
    recordAttack({
      attack: '150 questions about proofs from one address in an hour',
      budget: 120,
      accepted: 120,
      calls: 0,
    });
  });

  it('is refused while the store is out of reach: it never fails open', async () => {
    const stack = await createStack();
    const proof = await proofOf(stack, PHONE, null);
    const { StoreError } = await import('../../../src/server/store/store.js');
    const broken = { ...stack.store, reserve: () => Promise.reject(new StoreError('down')) };
    const outage = await createStack({ sharing: stack, store: broken });
    expect((await ask(outage, { proof })).problem).toBe('unavailable');
  });

  it('is about this application: the audience is what the host expects of the proof', async () => {
    const stack = await createStack();
    const proof = await proofOf(stack, PHONE, null);
    const claims = await stack.verify(proof, { subject: null, purpose: 'contact' });
    expect(claims.aud).toBe(AUDIENCE);
  });
});

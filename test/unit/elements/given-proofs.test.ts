/** A page gives a proof back: it is shown only if the backend confirms it for what the page asks, and it fires no event. */
import { describe, expect, it } from 'vitest';
import type { ProofResult } from '../../../src/protocol/schemas.js';
import { takeBack, type ProofHolder } from '../../../src/elements/controllers/given-proof.js';
import type { FlowOptions } from '../../../src/flow/options.js';
import { atCode, openFlow, openTwoFactor, result, settled } from '../../support/flow-fixtures.js';

const proof = 'the.kept.proof';
const confirmed: ProofResult = {
  proof,
  expiresIn: 600,
  purpose: 'contact',
  contact: { type: 'phone', value: '+447400123456' },
  to: '+44 7400 123456',
  country: 'GB',
};

type Host = Parameters<typeof takeBack>[1];
type Opened = ReturnType<typeof openFlow>;
type Asks = Partial<Pick<ProofHolder, 'types' | 'countries'>> & Partial<FlowOptions>;

/** What holds the flow in an element, without the element. */
function holderOf({ flow, client }: Opened, { types = ['phone'], countries = [], ...options }: Asks = {}) {
  const holder = {
    types,
    countries,
    given: null as string | null,
    isQuiet: false,
    flow,
    options: (): FlowOptions => ({ purpose: 'contact', client, ...options }),
  } satisfies ProofHolder;
  const give = async (one = proof, updateComplete = Promise.resolve(true)) => {
    holder.given = one;
    void takeBack(holder, { updateComplete } as Host, one);
    await settled();
  };
  return { holder, give };
}

/** A started flow that was given the proof. */
async function given(asks: Asks = {}, opened = openFlow()) {
  opened.flow.start();
  const { give, holder } = holderOf(opened, asks);
  await give();
  return { ...opened, give, holder };
}

describe('a proof that the page gives back', () => {
  it('is sent with the context, and is shown with the contact of the answer', async () => {
    const { flow, client } = await given({ context: 'order 7' });
    expect(flow.step.name).toBe('contact');
    expect(client.last).toMatchObject({ path: 'proof', body: { proof, context: 'order 7' } });
    await client.last.respond(confirmed);
    expect(flow.step).toMatchObject({
      name: 'verified',
      result: { proof, contact: { value: '+447400123456' } },
      sent: { challenge: { to: '+44 7400 123456' } },
    });
  });

  it('expires when it says, and leaves its contact in the field', async () => {
    const { flow, client, clock } = await given();
    await client.last.respond(confirmed);
    clock.advance(599);
    expect(flow.step.name).toBe('verified');
    clock.advance(1);
    expect(flow.step).toMatchObject({
      name: 'contact',
      entry: { type: 'phone', text: '+447400123456', country: 'GB' },
      problem: { code: 'proof-expired' },
    });
  });

  it('is asked about when the element is ready, with what the page says then', async () => {
    const opened = openFlow();
    const { give } = holderOf(opened);
    let ready = (_: boolean) => {};
    await give(proof, new Promise<boolean>((resolve) => (ready = resolve)));
    expect(opened.client.calls).toEqual([]);
    opened.flow.start();
    ready(true);
    await settled();
    expect(opened.client.last.path).toBe('proof');
  });

  it.each<[string, Asks, Partial<Record<keyof ProofResult, unknown>>]>([
    ['of a number where the page asks for an address', { types: ['email'] }, {}],
    ['of a country that the page does not list', { countries: ['DE', 'AT'] }, {}],
    ['of no country where the page lists some', { countries: ['GB'] }, { country: undefined }],
    ['that is another one in the answer', {}, { proof: 'another.proof.here' }],
    ['for another purpose', {}, { purpose: 'two-factor' }],
  ])('is not believed %s', async (_, options, more) => {
    const { flow, client, changes } = await given(options);
    await client.last.respond({ ...confirmed, ...more });
    expect(flow.step.name).toBe('contact');
    expect(changes).toEqual(['starting → contact']);
  });

  it.each<[string, Asks, Partial<ProofResult>]>([
    ['of a country that the page lists', { countries: ['DE', 'GB'] }, {}],
    ['of a type that the page asks for', { types: ['email', 'phone'] }, {}],
    [
      'of an address, whatever the countries of numbers are',
      { countries: ['DE'], types: ['email'] },
      { contact: { type: 'email', value: 'ada@example.com' }, to: 'ada@example.com' },
    ],
  ])('is believed %s', async (_, options, more) => {
    const { flow, client } = await given(options);
    const { country: __, ...withoutCountry } = confirmed;
    await client.last.respond({ ...(more.contact ? withoutCountry : confirmed), ...more });
    expect(flow.step.name).toBe('verified');
  });

  it.each([
    ['refuses it', { code: 'invalid-proof' as const }],
    ['knows no such route', { code: 'not-found' as const }],
    ['is out of reach', { code: 'unreachable' as const }],
  ])('is ignored without a word when the backend %s', async (_, problem) => {
    const { flow, client, changes } = await given();
    await client.last.fail(problem);
    expect(flow.step).toMatchObject({ name: 'contact', problem: null });
    expect(changes).toEqual(['starting → contact']);
  });

  it('is ignored where the page’s own client cannot ask, and where it throws', async () => {
    for (const ask of [undefined, () => Promise.reject(new Error('down'))]) {
      const opened = openFlow();
      opened.flow.start();
      const client = { ...opened.client, proof: ask } as FlowOptions['client'];
      const { holder } = holderOf(opened, { client });
      await takeBack(holder, { updateComplete: Promise.resolve(true) } as Host, proof).catch(() => undefined);
      expect(opened.flow.step).toMatchObject({ name: 'contact', problem: null });
    }
  });

  it('is never a second factor', async () => {
    const opened = openTwoFactor();
    await holderOf(opened, { purpose: 'two-factor' }).give();
    expect(opened.client.calls).toEqual([]);
    expect(opened.flow.step.name).toBe('starting');
  });

  it('is shown also while a code is entered, and not once a code is being checked', async () => {
    const entering = await given({}, await atCode());
    await entering.client.last.respond(confirmed);
    expect(entering.flow.step.name).toBe('verified');

    const checking = await given({}, await atCode());
    const question = checking.client.last;
    checking.flow.submit('123456');
    await question.respond(confirmed);
    expect(checking.flow.step.name).toBe('checking');
    await checking.client.last.respond(result);
    expect(checking.flow.step).toMatchObject({ name: 'verified', result: { proof: result.proof } });
  });

  it('gives way to the one that the page gives after it, whichever answer comes first', async () => {
    const { flow, client, give } = await given();
    await give('a.later.proof');
    const [first, second] = client.calls;
    await first!.respond(confirmed);
    expect(flow.step.name).toBe('contact');
    await second!.respond({ ...confirmed, proof: 'a.later.proof' });
    expect(flow.step).toMatchObject({ name: 'verified', result: { proof: 'a.later.proof' } });
  });

  it('fires no event: the element is quiet while the step changes, and not afterwards', async () => {
    const opened = openFlow();
    const { holder } = await given({}, opened);
    const quiet: boolean[] = [];
    const { host } = opened;
    host.requestUpdate = () => void quiet.push(holder.isQuiet);
    await opened.client.last.respond(confirmed);
    expect(quiet.length).toBeGreaterThan(0);
    expect(new Set(quiet)).toEqual(new Set([true]));
    expect(holder.isQuiet).toBe(false);
  });
});

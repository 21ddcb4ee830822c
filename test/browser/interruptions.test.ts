/** Interruptions: the network fails and returns, the page is hidden, another tab is faster, a code expires, a text message arrives. */
import { expect } from '@open-wc/testing';
import { httpClient, type Result, type Client } from '../../src/flow/index.js';
import { CodeSentEvent } from '../../src/index.js';
import { EMAIL, PHONE, settled, twoFactor, verifyContact, wrong } from './support/element-user.js';
import { openStack } from './support/browser-stack.js';
import { until } from './support/until.js';

const ada = { user: 'ada', verified: { phone: PHONE.value, email: EMAIL }, twoFactorRequired: true };
const online = () => dispatchEvent(new Event('online'));

describe('when the network is back', () => {
  it('a number is sent by itself, and a code is checked', async () => {
    const { endpoint, network, latestCode } = await openStack();
    const person = await verifyContact({ endpoint });
    await network('down');
    await person.type('Phone number', PHONE.typed);
    await person.press('Send code');
    await person.told('We can’t reach the server.');
    await network('up');
    online();
    await person.at('code');
    await person.type('Code', await latestCode(PHONE.value));
    await network('down');
    await person.press('Submit code');
    await person.told('We can’t reach the server.');
    await network('up');
    online();
    await person.at('verified');
  });

  it('two-factor, which needs no press, sends its code', async () => {
    const { endpoint, network, outbox } = await openStack(ada);
    await network('down');
    const person = await twoFactor({ endpoint });
    await person.at('unavailable');
    await network('up');
    online();
    await person.at('code');
    expect(await outbox()).to.have.length(1);
  });

  it('nothing is sent if the person has changed it meanwhile, and nothing twice', async () => {
    const { endpoint, network, requests } = await openStack();
    const person = await verifyContact({ endpoint });
    await network('down');
    await person.type('Phone number', PHONE.typed);
    await person.press('Send code');
    await person.told('We can’t reach the server.');
    await network('up');
    await person.type('Phone number', '4155552672');
    online();
    await settled();
    expect(await requests()).to.deep.equal([]);
    await person.press('Send code');
    await person.at('code');
    await network('down');
    await person.submits('000000');
    await person.told('We can’t reach the server.');
    await network('up');
    await person.type('Code', '0');
    online();
    await settled();
    expect(await requests()).to.deep.equal(['POST /contact']);
  });
});

describe('an expired code', () => {
  it('is followed by the next one in one click', async () => {
    const { endpoint, advance } = await openStack();
    const person = await verifyContact({ client: shortLived(endpoint) });
    await person.sends(PHONE.typed);
    await person.told('This code has expired.');
    await advance(601);
    await person.press('Send code');
    await until(() => person.seen(CodeSentEvent).length === 2, 'No other code is sent');
  });

  it('is shown as expired as soon as a sleeping tab wakes, before any timer has run', async () => {
    const { endpoint, requests } = await openStack();
    const person = await verifyContact({ endpoint });
    await person.sends(PHONE.typed);
    const { now } = Date;
    Date.now = () => now() + 3_600_000;
    try {
      await person.submits('000000');
      await person.told('This code has expired.');
    } finally {
      Date.now = now;
    }
    expect(await requests()).to.deep.equal(['POST /contact']);
  });
});

describe('two tabs with one challenge, as after a tab was duplicated', () => {
  it('the slower one shows that it is over, and starts again', async () => {
    const { endpoint, latestCode } = await openStack();
    const first = await verifyContact({ endpoint });
    await first.sends(PHONE.typed);
    const second = await verifyContact({ endpoint });
    await second.at('code');
    const code = await latestCode(PHONE.value);
    await first.submits(code);
    await first.at('verified');
    await second.submits(code);
    await second.at('contact');
    expect(second.message).to.equal('This verification is over. Start again.');
    expect(second.field('Phone number').value).to.equal(PHONE.spelled);
  });
});

describe('a page in a hidden tab or while it is prerendered', () => {
  it('sends no code until it is visible', async () => {
    const { endpoint, requests } = await openStack(ada);
    Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true });
    const person = await twoFactor({ endpoint });
    await settled();
    expect(person.element.step).to.equal('starting');
    Reflect.deleteProperty(document, 'visibilityState');
    expect(await requests()).to.deep.equal([]);
    document.dispatchEvent(new Event('visibilitychange'));
    await person.at('code');
    expect(await requests()).to.deep.equal(['POST /two-factor']);
  });
});

describe('WebOTP, if the browser supports it', () => {
  interface Listening {
    readonly signal: AbortSignal;
    receive(code: string): void;
  }
  let listening: Listening[];
  const { credentials } = navigator;

  beforeEach(() => {
    listening = [];
    const get = ({ signal }: CredentialRequestOptions) =>
      new Promise((resolve, reject) => {
        listening.push({ signal: signal!, receive: (code) => resolve({ code }) });
        signal!.addEventListener('abort', () => reject(signal!.reason as Error));
      });
    Object.assign(globalThis, { OTPCredential: class {} });
    Object.defineProperty(navigator, 'credentials', { value: { get }, configurable: true });
  });
  afterEach(() => {
    Reflect.deleteProperty(globalThis, 'OTPCredential');
    Object.defineProperty(navigator, 'credentials', { value: credentials, configurable: true });
  });
  const heard = (count: number) => until(() => listening.length === count, `It listens ${listening.length} times`);
  const aborted = () => listening.map(({ signal }) => signal.aborted);

  it('fills the field with the code of the message, and auto-submit submits it', async () => {
    const { endpoint, latestCode } = await openStack();
    const person = await verifyContact({ endpoint, 'auto-submit': '' });
    await settled();
    expect(listening).to.deep.equal([]);
    await person.sends(PHONE.typed);
    await heard(1);
    listening[0]!.receive(await latestCode(PHONE.value));
    await person.at('verified');
  });

  it('is active only in the code step: not after Submit, Resend, Change number or when the element goes', async () => {
    const { endpoint, latestCode, hold } = await openStack();
    const person = await verifyContact({ client: hasty(endpoint) });
    await person.sends(PHONE.typed);
    await heard(1);
    let release = await hold();
    await person.submits(wrong(await latestCode(PHONE.value)));
    expect(aborted()).to.deep.equal([true]);
    await release();
    await person.told('That code isn’t right.');
    await heard(2);
    await until(() => !person.button('Resend code').hasAttribute('aria-disabled'), 'No resend');
    release = await hold();
    await person.press('Resend code');
    expect(aborted()).to.deep.equal([true, true]);
    await release();
    await person.at('code');
    await heard(3);
    await person.press('Change number');
    expect(aborted()).to.deep.equal([true, true, true]);
    await person.press('Go back');
    await heard(4);
    person.element.remove();
    expect(aborted()).to.deep.equal([true, true, true, true]);
  });

  it('is not active if the code is sent by e-mail', async () => {
    const { endpoint } = await openStack();
    const person = await verifyContact({ endpoint, type: 'email' });
    await person.sends(EMAIL, 'E-mail address');
    await settled();
    expect(listening).to.deep.equal([]);
  });
});

/** The backend at this endpoint, with its challenges changed. */
function changed(endpoint: string, change: object): Client {
  const real = httpClient({ endpoint });
  const edit = <T extends object>(answer: Result<T>): Result<T> =>
    answer.ok ? { ok: true, value: { ...answer.value, ...change } } : answer;
  return {
    ...real,
    contact: async (body, signal) => edit(await real.contact(body, signal)),
    resend: async (body, signal) => edit(await real.resend(body, signal)),
  };
}
const shortLived = (endpoint: string) => changed(endpoint, { expiresIn: 1, resendIn: 0 });
const hasty = (endpoint: string) => changed(endpoint, { resendIn: 0 });

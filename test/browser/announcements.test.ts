/** What both elements announce to screen readers: as text, in order, each thing once. */
import { expect } from '@open-wc/testing';
import { httpClient, type Result, type Client } from '../../src/flow/index.js';
import { PHONE, settled, twoFactor, verifyContact, wrong } from './support/element-user.js';
import { openStack } from './support/browser-stack.js';
import { until } from './support/until.js';

const LONG = 30_000;
const ada = { user: 'ada', verified: { phone: PHONE.value }, twoFactorRequired: true };

describe('what is announced', () => {
  it('is each change, once, in order', async () => {
    const { endpoint, latestCode } = await openStack();
    const person = await verifyContact({ endpoint });
    await person.press('Send code');
    await person.sends(PHONE.typed);
    const code = await latestCode(PHONE.value);
    await person.submits(wrong(code));
    await person.told('That code isn’t right.');
    await person.press('Change number');
    await person.press('Go back');
    await person.submits(code);
    await person.at('verified');
    await settled();
    expect(person.heard).to.deep.equal([
      'Enter your phone number.',
      '',
      'Sending the code …',
      `Code sent to ${PHONE.shown}.`,
      'Checking the code …',
      'That code isn’t right. Check the digits. 3 tries left.',
      '',
      `Enter the 6-digit code sent by text message to ${PHONE.shown}.`,
      'Checking the code …',
      `${PHONE.shown} is verified.`,
    ]);
  });

  it('runs from the code sent to the number verified, past a wrong code and a resend', async () => {
    const { endpoint, latestCode, advance } = await openStack();
    const person = await verifyContact({ client: hasty(endpoint) });
    await person.sends(PHONE.typed);
    await person.submits(wrong(await latestCode(PHONE.value)));
    await person.told('That code isn’t right.');
    const ready = () => person.heard.includes('You can resend the code now.');
    await until(ready, 'A resend is never possible');
    await advance(60);
    await person.press('Resend code');
    await person.at('code');
    await person.submits(await latestCode(PHONE.value));
    await person.at('verified');
    await settled();
    expect(person.heard).to.deep.equal([
      'Sending the code …',
      `Code sent to ${PHONE.shown}.`,
      'Checking the code …',
      'That code isn’t right. Check the digits. 3 tries left.',
      'You can resend the code now.',
      'Sending the code …',
      `Code sent to ${PHONE.shown} again.`,
      'Checking the code …',
      `${PHONE.shown} is verified.`,
    ]);
  }).timeout(LONG);

  it('repeats a problem when the person makes the same mistake again', async () => {
    const person = await verifyContact({});
    await person.press('Send code');
    await person.press('Send code');
    await settled();
    expect(person.heard).to.deep.equal(['Enter your phone number.', 'Enter your phone number.']);
  });

  it('never counts down: it says when a code can be sent again, and nothing before', async () => {
    const { endpoint, advance } = await openStack(ada);
    const person = await twoFactor({ client: hasty(endpoint) });
    await person.at('code');
    await until(() => person.heard.includes('You can resend the code now.'), 'Nothing more is said');
    await advance(60);
    // As each second of the code's own countdown does.
    person.element.requestUpdate();
    await settled();
    const heard = person.heard.filter((text) => !text.endsWith('…'));
    expect(heard).to.deep.equal(['Code sent to •••• 71.', 'You can resend the code now.']);
    expect(person.button('Resend code').getAttribute('aria-disabled')).to.equal(null);
    await person.press('Resend code');
    await person.at('code');
    await settled();
    expect(person.heard.at(-1)).to.equal('Code sent to •••• 71 again.');
    expect(person.message).to.equal('Code sent to •••• 71 again.');
  }).timeout(LONG);

  it('is nothing after a reload, since nothing has happened', async () => {
    const { endpoint } = await openStack();
    const before = await verifyContact({ endpoint });
    await before.sends(PHONE.typed);
    before.element.remove();
    const person = await verifyContact({ endpoint });
    await settled();
    expect(person.element.step).to.equal('code');
    expect(person.heard).to.deep.equal([]);
    expect(person.root.querySelector('[role=status]')?.textContent).to.equal('');
  });
});

/** The backend at this endpoint, but with a wait of one second before a code may be sent again. */
function hasty(endpoint: string): Client {
  const real = httpClient({ endpoint });
  const soon = <T extends object>(answer: Result<T>): Result<T> =>
    answer.ok ? { ok: true, value: { ...answer.value, resendIn: 1 } } : answer;
  return {
    ...real,
    contact: async (body, signal) => soon(await real.contact(body, signal)),
    twoFactor: async (body, signal) => soon(await real.twoFactor(body, signal)),
    resend: async (body, signal) => soon(await real.resend(body, signal)),
  };
}

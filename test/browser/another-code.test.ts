/** What a person sees and can do while a code is sent again, when its wait ends, and once it has expired. */
import { expect } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import { httpClient, type Client } from '../../src/flow/index.js';
import { CodeSentEvent } from '../../src/index.js';
import { PHONE, settled, verifyContact, wrong, type Person } from './support/element-user.js';
import { openStack } from './support/browser-stack.js';
import { until } from './support/until.js';

/** The backend at this endpoint, with other lifetimes in seconds. */
function withTimes(endpoint: string, times: { expiresIn?: number; resendIn?: number }): Client {
  const client = httpClient({ endpoint });
  return {
    ...client,
    contact: async (...request) => {
      const answer = await client.contact(...request);
      return answer.ok ? { ok: true, value: { ...answer.value, ...times } } : answer;
    },
  };
}

const spinners = ({ root }: Person) =>
  [...root.querySelectorAll('[part=spinner]')].map((one) => one.closest('button')!.textContent.trim());
const tops = ({ root }: Person) =>
  [...root.querySelectorAll('button, [part~=field]')].map((one) => one.getBoundingClientRect().top);

describe('a person who has a code sent again', () => {
  it('sees the spinner at the button that was pressed, and nothing moves, also below an error', async () => {
    const { endpoint, latestCode, hold } = await openStack();
    const person = await verifyContact({ client: withTimes(endpoint, { resendIn: 0 }) });
    await person.sends(PHONE.typed);
    await person.submits(wrong(await latestCode(PHONE.value)));
    await person.told('That code isn’t right.');
    await settled();
    const still = tops(person);
    const release = await hold();
    person.button('Resend code').click();
    try {
      await person.at('resending');
      await settled();
      expect(spinners(person)).to.deep.equal(['Resend code']);
      expect(tops(person)).to.deep.equal(still);
    } finally {
      await release();
    }
    await person.at('code');
    expect(spinners(person)).to.deep.equal([]);
  });

  it('types over the wrong code', async () => {
    const { endpoint, latestCode, advance } = await openStack();
    const person = await verifyContact({ client: withTimes(endpoint, { resendIn: 0 }) });
    await person.sends(PHONE.typed);
    const code = await latestCode(PHONE.value);
    await person.submits(wrong(code));
    await person.told('That code isn’t right.');
    await advance(60);
    await person.press('Resend code');
    await person.told('again.');
    await sendKeys({ type: code });
    expect(person.field('Code').value).to.equal(code);
  });
});

describe('a code that is shown', () => {
  it('can be sent again after its wait without a move of the page below', async () => {
    const { endpoint } = await openStack();
    const person = await verifyContact({ client: withTimes(endpoint, { resendIn: 1 }) });
    await person.sends(PHONE.typed);
    const { height } = person.element.getBoundingClientRect();
    await until(() => person.sees.includes('You can resend the code now.'), 'The end of the wait is never shown');
    expect(person.element.getBoundingClientRect().height).to.equal(height);
  });

  it('takes no digits once it has expired, and the focus of a button that goes comes to the field', async () => {
    const { endpoint, hold } = await openStack();
    const person = await verifyContact({ client: withTimes(endpoint, { resendIn: 0, expiresIn: 2 }) });
    await person.sends(PHONE.typed);
    person.button('Resend code').focus();
    await person.told('This code has expired.');
    await settled();
    expect(person.findButton('Resend code')).to.equal(undefined);
    expect(person.focused).to.equal(person.field('Code'));
    await sendKeys({ type: '123456' });
    expect(person.field('Code').value).to.equal('');
    const still = tops(person);
    const release = await hold();
    person.button('Send code').click();
    try {
      await person.at('sending');
      await settled();
      expect(spinners(person)).to.deep.equal(['Send code']);
      expect(tops(person)).to.deep.equal(still);
    } finally {
      await release();
    }
    await person.at('code');
  });
});

it('a landline is called, although the page names text messages before calls', async () => {
  const { endpoint, fault } = await openStack({ channels: ['sms', 'call'] });
  await fault({ code: 60205, method: 'POST', path: '/Verifications', times: 1 });
  const person = await verifyContact({ endpoint, channels: 'sms call' });
  await person.sends(PHONE.typed);
  expect(person.sees).to.include(`We’re calling ${PHONE.shown}.`);
  expect(person.seen(CodeSentEvent).map(({ channel }) => channel)).to.deep.equal(['call']);
});

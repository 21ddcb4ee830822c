/** The mistakes that a person makes in one sitting, on the real backend and the emulator: what is said is true, at the moment and in the place. */
import { expect } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import { httpClient, type Client, type FlowProblem } from '../../src/flow/index.js';
import { CodeSentEvent, ProblemEvent } from '../../src/index.js';
import { PHONE, settled, verifyContact, wrong, type Person } from './support/element-user.js';
import { openStack } from './support/browser-stack.js';
import { until } from './support/until.js';

/** The backend at this endpoint, which answers some of the routes with this problem. */
function refusing(endpoint: string, routes: readonly (keyof Client)[], problem: FlowProblem): Client {
  const refusal = () => Promise.resolve({ ok: false as const, problem });
  return { ...httpClient({ endpoint }), ...Object.fromEntries(routes.map((route) => [route, refusal])) };
}

/** What a screen reader reads after the label of the field. */
function described(person: Person, label: string): string {
  const ids = person.field(label).getAttribute('aria-describedby')!.split(' ');
  return ids.map((id) => person.root.getElementById(id)?.textContent?.trim() ?? '').join(' ');
}

const waits = (button: HTMLButtonElement) => button.getAttribute('aria-disabled') === 'true';

describe('a person whose number is refused', () => {
  for (const how of ['that the page filled in', 'that is typed quickly'])
    it(`${how} reads why, also once the field has spelled it`, async () => {
      const { endpoint } = await openStack();
      const filled = how.startsWith('that the page');
      const person = await verifyContact({ endpoint, contact: filled ? '8005550199' : '' });
      if (!filled) {
        person.field('Phone number').focus();
        person.field('Phone number').value = '8005550199';
        person.field('Phone number').dispatchEvent(new InputEvent('input', { bubbles: true }));
        person.field('Phone number').blur();
      }
      await person.press('Send code');
      await person.told('We can’t send a code to this number or address.');
      await settled();
      await until(() => person.field('Phone number').value === '(800) 555-0199', 'The number is never spelled');
      await settled();
      expect(person.message).to.equal('We can’t send a code to this number or address. Use a different one.');
      expect(person.field('Phone number').getAttribute('aria-invalid')).to.equal('true');
      expect(person.seen(ProblemEvent)).to.have.length(1);
      expect(person.heard.filter((text) => text === person.message)).to.have.length(1);
      await sendKeys({ press: 'End' });
      await sendKeys({ press: 'Backspace' });
      await person.element.updateComplete;
      expect(person.message).to.equal('');
      expect(person.root.querySelector('[role=status]')?.textContent).to.equal('');
    });

  it('because too many codes were sent reads until when, and the button waits with it', async () => {
    const { endpoint } = await openStack();
    const client = refusing(endpoint, ['contact'], { code: 'too-many-sends', retryIn: 2 });
    const person = await verifyContact({ client });
    await person.type('Phone number', PHONE.typed);
    await person.press('Send code');
    await person.told('Too many codes were sent. You can try again in 2 seconds.');
    expect(described(person, 'Phone number')).to.include('in 2 seconds');
    expect(person.field('Phone number').getAttribute('aria-invalid')).to.equal(null);
    expect(waits(person.button('Send code'))).to.equal(true);
    expect(person.button('Send code').getAttribute('aria-describedby')).to.include('message');
    await sendKeys({ press: 'Enter' });
    await settled();
    expect(person.seen(ProblemEvent)).to.have.length(1);
    expect(person.heard.at(-1)).to.match(/^You can try again in [12] seconds?\.$/);
    await person.told('in 1 second.');
    await person.told('Too many codes were sent. You can try again now.');
    expect(waits(person.button('Send code'))).to.equal(false);
    expect(person.heard.at(-1)).to.equal('You can try again now.');
    await person.press('Send code');
    await until(() => person.seen(ProblemEvent).length === 2, 'The button never works again');
  });

  it('for a day reads the day and the hour, finds the page’s help, and may use another contact', async () => {
    const { endpoint } = await openStack();
    const day = 86_400;
    const client = refusing(endpoint, ['contact'], { code: 'too-many-sends', retryIn: day });
    const person = await verifyContact({ client, type: 'phone email' });
    await person.type('Phone number', PHONE.typed);
    await person.press('Send code');
    await person.told('Too many codes were sent.');
    const tomorrow = new Date(Date.now() + day * 1000).toLocaleDateString('en', { weekday: 'long' });
    expect(person.message).to.match(
      new RegExp(`You can try again in 24 hours \\(${tomorrow} \\d+:\\d\\d [AP]M\\)\\.$`),
    );
    expect(person.root.querySelector('slot[name=unavailable]')).not.to.equal(null);
    await person.press('Use an e-mail address instead');
    expect(person.message).to.equal('');
    expect(waits(person.button('Send code'))).to.equal(false);
  });

  it('because it is a landline in North America reads that, and is called where calls are allowed', async () => {
    const landline = { code: 60205, method: 'POST', path: '/Verifications' };
    const texts = await openStack({ channels: ['sms'] });
    await texts.fault(landline);
    const person = await verifyContact({ endpoint: texts.endpoint });
    await person.type('Phone number', PHONE.typed);
    await person.press('Send code');
    await person.told('This number can’t receive text messages. Use a different one.');
    person.element.remove();
    const calls = await openStack({ channels: ['sms', 'call'] });
    await calls.fault({ ...landline, times: 1 });
    const other = await verifyContact({ endpoint: calls.endpoint, id: 'other' });
    await other.sends(PHONE.typed);
    expect(other.sees).to.include(`We’re calling ${PHONE.shown}.`);
    expect(other.seen(CodeSentEvent).map(({ channel }) => channel)).to.deep.equal(['call']);
  });
});

describe('a person who mistypes the code', () => {
  it('is told so until the first key of the next one, and reads the wait in the line below the field', async () => {
    const { endpoint, latestCode } = await openStack();
    const person = await verifyContact({ endpoint });
    await person.sends(PHONE.typed);
    const code = await latestCode(PHONE.value);
    for (const left of [3, 2, 1]) {
      await person.submits(wrong(code));
      await person.told(`${left} tr`);
    }
    expect(person.message).to.match(
      /^That code isn’t right\. Check the digits\. 1 try left\. You can try again in \d+ seconds\.$/,
    );
    await sendKeys({ press: code[0]! });
    await person.element.updateComplete;
    const field = person.field('Code');
    expect(field.getAttribute('aria-invalid')).to.equal(null);
    expect(person.message).to.match(/^You can try again in \d+ seconds\.$/);
    expect(person.root.querySelector('[part~=error]')).to.equal(null);
    expect(described(person, 'Code')).to.match(/You can try again in \d+ seconds\. The code expires in \d+ minutes\./);
    expect(
      person.root.querySelector('#message')!.getBoundingClientRect().top - field.getBoundingClientRect().bottom,
    ).to.be.lessThan(24);
    for (const name of ['Submit code', 'Resend code']) expect(waits(person.button(name)), name).to.equal(true);
  });

  it('too often is never told of 0 tries, and has a new code sent, which is not the same one again', async () => {
    const { endpoint, latestCode, outbox, advance } = await openStack();
    // The clock of the page stands still, as that of the backend does.
    const { now } = Date;
    let passed = 0;
    const start = now();
    Date.now = () => start + passed;
    try {
      const person = await verifyContact({ endpoint });
      await person.sends(PHONE.typed);
      const code = await latestCode(PHONE.value);
      for (const wait of [0, 0, 30]) {
        await person.submits(wrong(code));
        await person.told('left.');
        passed += wait * 1000;
        await advance(wait);
        person.element.requestUpdate();
      }
      await person.submits(wrong(code));
      await person.told('Too many wrong codes. You can try again in 60 seconds.');
      expect(person.sees).not.to.match(/\b0 tries|Submit code|expires/);
      expect(waits(person.button('Send code'))).to.equal(true);
      expect(person.findButton('Change number')).not.to.equal(undefined);
      expect(person.root.querySelector('slot[name=unavailable]')).not.to.equal(null);
      await person.press('Send code');
      expect(await outbox()).to.have.length(1);
      passed += 61_000;
      await advance(61);
      person.element.requestUpdate();
      await person.element.updateComplete;
      await person.press('Send code');
      await until(() => person.seen(CodeSentEvent).length === 2, 'No other code is sent');
      expect(person.seen(CodeSentEvent).map(({ resent }) => resent)).to.deep.equal([false, false]);
      expect(person.heard.at(-1)).to.equal(`Code sent to ${PHONE.shown}.`);
      await person.submits(await latestCode(PHONE.value));
      await person.at('verified');
    } finally {
      Date.now = now;
    }
  });

  it('and has the same code sent again is told that it was sent again', async () => {
    const { endpoint, advance } = await openStack();
    const real = httpClient({ endpoint });
    const client: Client = {
      ...real,
      contact: async (body, signal) => {
        const answer = await real.contact(body, signal);
        return answer.ok ? { ok: true, value: { ...answer.value, resendIn: 0 } } : answer;
      },
    };
    const person = await verifyContact({ client });
    await person.sends(PHONE.typed);
    await advance(60);
    const [first] = person.seen(CodeSentEvent);
    expect(first?.resent).to.equal(false);
    await person.press('Resend code');
    await until(() => person.seen(CodeSentEvent).length === 2, 'The code is never sent again');
    expect(person.seen(CodeSentEvent).at(-1)?.resent).to.equal(true);
    expect(person.heard.at(-1)).to.equal(`Code sent to ${PHONE.shown} again.`);
  });
});

describe('a person who waits too long', () => {
  it('reads when the code expires until it does, below the field, and what then', async () => {
    const { endpoint } = await openStack();
    const client = refusing(endpoint, ['check'], { code: 'wrong-code', attemptsLeft: 2 });
    const person = await verifyContact({ client });
    await person.sends(PHONE.typed);
    await person.submits('000000');
    await person.told('That code isn’t right.');
    expect(person.sees).to.include('The code expires in 10 minutes.');
    expect(described(person, 'Code')).to.include('The code expires in 10 minutes.');
  });

  it('finds Send code waiting with one line, if no message can be sent yet', async () => {
    const { endpoint } = await openStack();
    const real = httpClient({ endpoint });
    const client: Client = {
      ...real,
      contact: async (body, signal) => {
        const answer = await real.contact(body, signal);
        return answer.ok ? { ok: true, value: { ...answer.value, expiresIn: 1, resendIn: 300 } } : answer;
      },
    };
    const person = await verifyContact({ client });
    await person.sends(PHONE.typed);
    await person.told('This code has expired. You can try again in 5 minutes.');
    expect(waits(person.button('Send code'))).to.equal(true);
    expect(person.sees).not.to.include('resend');
    await person.press('Send code');
    await settled();
    expect(person.element.step).to.equal('code');
    expect(person.heard.at(-1)).to.equal('You can try again in 5 minutes.');
  });
});

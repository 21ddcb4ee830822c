/** What a page and its form see of an element: form state, `:state()`, waits, resets and what is sent for the page. */
import { expect, fixture, html } from '@open-wc/testing';
import { httpClient, type Client, type FlowProblem } from '../../src/flow/index.js';
import { EMAIL, PHONE, Person, settled, twoFactor, verifyContact } from './support/element-user.js';
import { openStack } from './support/browser-stack.js';
import { until } from './support/until.js';

const ada = { user: 'ada', verified: { phone: PHONE.value, email: EMAIL }, twoFactorRequired: true };

/** The backend at this endpoint, which refuses every resend, or every code, with a problem, and lets a code be sent again at once. */
function refusing(endpoint: string, which: 'resend' | 'check', problem: FlowProblem): Client {
  const real = httpClient({ endpoint });
  return {
    ...real,
    contact: async (body, signal) => {
      const answer = await real.contact(body, signal);
      return answer.ok ? { ok: true, value: { ...answer.value, resendIn: 0 } } : answer;
    },
    [which]: () => Promise.resolve({ ok: false, problem }),
  };
}

describe('the form of an element', () => {
  it('gets an empty state with each proof, so that the session history never keeps a proof', async () => {
    const { setFormValue } = ElementInternals.prototype;
    const states: unknown[] = [];
    ElementInternals.prototype.setFormValue = function (...values) {
      states.push(values[1]);
      setFormValue.apply(this, values);
    };
    try {
      const { endpoint, latestCode } = await openStack();
      const person = await verifyContact({ endpoint, name: 'proof' });
      await person.sends(PHONE.typed);
      await person.submits(await latestCode(PHONE.value));
      await person.at('verified');
    } finally {
      ElementInternals.prototype.setFormValue = setFormValue;
    }
    expect(new Set(states)).to.deep.equal(new Set(['']));
  });

  it('is valid when the proof arrives, and hears that it expired', async () => {
    const { endpoint, latestCode } = await openStack({ contactProofLifetime: 1 });
    const form = await fixture<HTMLFormElement>(html`<form></form>`);
    const person = await verifyContact({ endpoint, name: 'proof' }, form);
    person.element.required = true;
    const valid: boolean[] = [];
    form.addEventListener('change', () => valid.push(form.checkValidity()));
    await person.sends(PHONE.typed);
    await person.submits(await latestCode(PHONE.value));
    await person.at('verified');
    await person.at('contact');
    expect(valid).to.deep.equal([true, false]);
    expect(person.element.validationMessage).to.equal('Too much time has passed. Verify again.');
  });

  it('sees one state of the element at a time', async () => {
    const { endpoint } = await openStack();
    const person = await verifyContact({ endpoint });
    await person.sends(PHONE.typed);
    const names = ['starting', 'contact', 'sending', 'code', 'checking', 'resending', 'verified'];
    expect(names.filter((name) => person.element.matches(`:state(${name})`))).to.deep.equal(['code']);
  });
});

describe('a reset', () => {
  it('forgets what was typed into the field that a server drew', async () => {
    const parent = await fixture<HTMLElement>(html`<div></div>`);
    // As the parser does for server-rendered markup: the root is there before the element is upgraded.
    const drawn = new DOMParser().parseFromString('<verify-contact country="US"></verify-contact>', 'text/html');
    const element = drawn.querySelector('verify-contact')!;
    element.attachShadow({ mode: 'open', delegatesFocus: true }).innerHTML = '<input id="input" value="4155552671">';
    parent.append(element);
    await element.updateComplete;
    const person = new Person(element);
    expect(person.field('Phone number').value.replace(/\D/g, '')).to.equal('4155552671');
    person.element.reset();
    await person.element.updateComplete;
    expect(person.field('Phone number').value).to.equal('');
  });

  it('forgets what was typed for the other type', async () => {
    const person = await verifyContact({ type: 'email phone' });
    await person.type('E-mail address', EMAIL);
    await person.press('Use a phone number instead');
    person.element.reset();
    await person.element.updateComplete;
    await person.press('Use a phone number instead');
    await person.press('Use an e-mail address instead');
    expect(person.field('E-mail address').value).to.equal('');
  });
});

describe('a wait', () => {
  it('after a refused resend leaves Submit open', async () => {
    const { endpoint, latestCode } = await openStack();
    const client = refusing(endpoint, 'resend', { code: 'too-many-sends', retryIn: 100 });
    const person = await verifyContact({ client });
    await person.sends(PHONE.typed);
    person.element.resend();
    await person.told('Too many codes were sent.');
    expect(person.heard.at(-1)).to.equal('Too many codes were sent. You can try again in 2 minutes.');
    expect(person.button('Submit code').hasAttribute('aria-disabled')).to.equal(false);
    await person.submits(await latestCode(PHONE.value));
    await person.at('verified');
  });

  it('after wrong codes locks Submit, which says when it opens', async () => {
    const { endpoint } = await openStack();
    const person = await verifyContact({ client: refusing(endpoint, 'check', { code: 'wrong-code', retryIn: 60 }) });
    await person.sends(PHONE.typed);
    await person.submits('000000');
    await person.told('That code isn’t right.');
    expect(person.button('Submit code').getAttribute('aria-disabled')).to.equal('true');
    await person.press('Submit code');
    expect(person.element.step).to.equal('code');
    await settled();
    expect(person.heard.at(-1)).to.match(/^You can try again in \d+ seconds\.$/);
  });
});

describe('the page', () => {
  it('has its channels, context, language and own data sent, and only its channels offered', async () => {
    const { endpoint } = await openStack();
    const real = httpClient({ endpoint });
    const bodies: object[] = [];
    const methods = [
      { channel: 'sms', to: PHONE.shown },
      { channel: 'call', to: PHONE.shown },
    ] as const;
    const client: Client = {
      ...real,
      contact: async (body, signal) => {
        bodies.push(body);
        const answer = await real.contact(body, signal);
        return answer.ok ? { ok: true, value: { ...answer.value, methods: [...methods] } } : answer;
      },
    };
    const settings = { channels: 'sms email', context: 'order 7', lang: 'en-GB', extra: { captcha: 'solved' } };
    const person = await verifyContact({ client, ...settings });
    await person.sends(PHONE.typed);
    const { channel, context, locale, extra } = bodies[0] as Record<string, unknown>;
    expect({ channel, context, locale, extra }).to.deep.equal({
      channel: 'sms',
      context: 'order 7',
      locale: 'en-GB',
      extra: { captcha: 'solved' },
    });
    expect(person.findButton('Call me instead')).to.equal(undefined);
    // The line says when the code expires; that it was sent is announced, and the hint says where.
    expect(person.message).to.equal('');
  });

  it('keeps no listener of an element that it removed', async () => {
    const listening = new Set<unknown>();
    const { addEventListener: add, removeEventListener: remove } = window;
    window.addEventListener = ((type: string, listener: () => void) => {
      if (type === 'online') listening.add(listener);
      add.call(window, type, listener);
    }) as typeof add;
    window.removeEventListener = ((type: string, listener: () => void) => {
      listening.delete(listener);
      remove.call(window, type, listener);
    }) as typeof remove;
    try {
      const person = await twoFactor({ endpoint: (await openStack(ada)).endpoint });
      await until(() => listening.size === 1, 'It does not listen');
      person.element.remove();
      expect(listening.size).to.equal(0);
    } finally {
      Object.assign(window, { addEventListener: add, removeEventListener: remove });
    }
  });
});

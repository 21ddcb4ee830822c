/** Both elements for people who use a screen reader, only the keyboard, or a language written from right to left: every step. */
import { expect } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import { EMAIL, PHONE, twoFactor, verifyContact, wrong, type Person } from './support/element-user.js';
import { openStack } from './support/browser-stack.js';

const LONG = 30_000;
const ada = {
  user: 'ada',
  verified: { phone: PHONE.value, email: EMAIL },
  twoFactorRequired: true,
  twoFactor: { email: true },
};

/** Goes through every step of an element and passes each to `look`. */
type Walk = (look: (person: Person) => Promise<void>) => Promise<void>;

const walks: Record<string, Walk> = {
  async 'verify-contact'(look) {
    const { endpoint, latestCode, hold } = await openStack();
    const person = await verifyContact({ endpoint, type: 'phone email' });
    await look(person);
    await person.press('Use an e-mail address instead');
    await look(person);
    await person.press('Use a phone number instead');
    await person.press('Send code');
    await look(person);
    let release = await hold();
    await person.type('Phone number', PHONE.typed);
    await person.press('Send code');
    await look(person);
    await release();
    await person.at('code');
    await look(person);
    const code = await latestCode(PHONE.value);
    await person.submits(wrong(code));
    await person.told('That code isn’t right.');
    await look(person);
    await person.press('Change number');
    await look(person);
    await person.press('Go back');
    release = await hold();
    await person.submits(code);
    await look(person);
    await release();
    await person.at('verified');
    await look(person);
  },
  async 'two-factor'(look) {
    const hidden = await twoFactor({ hidden: true });
    hidden.element.hidden = false;
    await look(hidden);
    hidden.element.remove();
    const { endpoint, latestCode } = await openStack(ada);
    const person = await twoFactor({ endpoint });
    await person.at('code');
    await look(person);
    await person.press('Send to my e-mail instead');
    await person.at('code');
    await look(person);
    await person.submits(await latestCode(EMAIL));
    await person.at('verified');
    await look(person);
    const nobody = await openStack();
    const other = await twoFactor({ endpoint: nobody.endpoint, id: 'other' });
    await other.at('unavailable');
    await look(other);
  },
};

for (const [tag, walk] of Object.entries(walks)) {
  describe(`every step of <${tag}>`, () => {
    for (const dir of ['ltr', 'rtl']) {
      it(`passes axe, written ${dir}`, async () => {
        document.documentElement.dir = dir;
        await walk(async ({ element }) => {
          await expect(element).to.be.accessible();
          await expect(element).shadowDom.to.be.accessible();
        });
        document.documentElement.dir = 'ltr';
      }).timeout(LONG);
    }

    it('has targets of 44 pixels, one labelled field at most, and no style attribute', async () => {
      await walk(async ({ root }) => {
        for (const target of root.querySelectorAll('button, input, select')) {
          const { width, height } = target.getBoundingClientRect();
          expect(Math.min(width, height), target.outerHTML).to.be.at.least(44);
        }
        expect(root.querySelectorAll('input').length).to.equal(root.querySelectorAll('label').length);
        expect(root.querySelectorAll('[style], style')).to.have.length(0);
      });
    }).timeout(LONG);

    it('has one polite, atomic live region, which is never replaced', async () => {
      const regions = new Map<Person, Element>();
      await walk(async (person) => {
        const all = person.root.querySelectorAll('[role=status], [aria-live], [role=alert]');
        expect(all).to.have.length(1);
        const region = regions.get(person) ?? all[0]!;
        regions.set(person, region);
        expect(all[0]).to.equal(region);
        expect([region.getAttribute('aria-live'), region.getAttribute('aria-atomic')]).to.deep.equal([
          'polite',
          'true',
        ]);
      });
    }).timeout(LONG);

    it('cuts no text off when the reader increases text spacing (WCAG 1.4.12)', async () => {
      await walk(async ({ element, root }) => {
        element.style.cssText = 'width: 288px; line-height: 1.5; letter-spacing: 0.12em; word-spacing: 0.16em';
        const { left } = element.getBoundingClientRect();
        for (const one of root.querySelectorAll('p:not([role]), button, label')) {
          expect(one.getBoundingClientRect().right - left, one.outerHTML).to.be.at.most(288.5);
          expect(one.scrollWidth, one.outerHTML).to.be.at.most(Math.max(one.clientWidth, 288));
          if (one.clientHeight) expect(one.scrollHeight, one.outerHTML).to.be.at.most(one.clientHeight + 1);
        }
      });
    }).timeout(LONG);

    it('has no animation but that of the spinner', async () => {
      await walk(async ({ root }) => {
        for (const one of root.querySelectorAll(':not([part=spinner])')) {
          const { animationName, transitionDuration, scrollBehavior } = getComputedStyle(one);
          expect([animationName, transitionDuration, scrollBehavior]).to.deep.equal(['none', '0s', 'auto']);
        }
      });
    }).timeout(LONG);

    it('fits on a page 320 pixels wide, which is one of 1,280 at 400 %', async () => {
      await walk(async ({ element, root }) => {
        element.style.width = '288px';
        const { left } = element.getBoundingClientRect();
        for (const one of root.querySelectorAll('p:not([role]), button, label, [part~=field], [part~=digit]')) {
          const { right } = one.getBoundingClientRect();
          expect(right - left, one.outerHTML).to.be.at.most(288.5);
        }
      });
    }).timeout(LONG);
  });
}

describe('the focus', () => {
  it('follows the person from step to step', async () => {
    const { endpoint, latestCode } = await openStack();
    const person = await verifyContact({ endpoint });
    await person.sends(PHONE.typed);
    expect(person.focused).to.equal(person.field('Code'));
    await person.press('Change number');
    expect(person.focused).to.equal(person.field('Phone number'));
    await person.press('Go back');
    await person.submits(await latestCode(PHONE.value));
    await person.at('verified');
    expect(person.focused?.textContent).to.include('is verified');
  });

  it('stays where the person has moved it meanwhile', async () => {
    const { endpoint, hold } = await openStack();
    const person = await verifyContact({ endpoint });
    const elsewhere = document.body.appendChild(document.createElement('input'));
    const release = await hold();
    await person.type('Phone number', PHONE.typed);
    await person.press('Send code');
    elsewhere.focus();
    await release();
    await person.at('code');
    expect(document.activeElement).to.equal(elsewhere);
    elsewhere.remove();
  });

  it('is not moved by a step that the person did not cause', async () => {
    const { endpoint } = await openStack(ada);
    const person = await twoFactor({ endpoint });
    await person.at('code');
    expect(person.focused).to.equal(null);
  });

  it('moves to the field with autofocus', async () => {
    const { endpoint } = await openStack(ada);
    const person = await twoFactor({ endpoint, autofocus: '' });
    await person.at('code');
    expect(person.focused).to.equal(person.field('Code'));
    person.element.remove();
    const other = await verifyContact({ autofocus: '' });
    expect(other.focused).to.equal(other.field('Phone number'));
  });
});

describe('with only the keyboard', () => {
  it('a person verifies a number, changes it and goes back', async () => {
    const { endpoint, latestCode } = await openStack();
    const person = await verifyContact({ endpoint });
    const tab = () => sendKeys({ press: 'Tab' });
    const enter = () => sendKeys({ press: 'Enter' });
    person.root.querySelector('select')!.focus();
    await tab();
    await sendKeys({ type: PHONE.typed });
    await enter();
    await person.at('code');
    const stops: string[] = [];
    for (let n = 0; n < 3; n++) {
      await tab();
      stops.push(person.focused?.textContent?.trim() ?? '');
    }
    expect(stops).to.deep.equal(['Submit code', 'Resend code', 'Change number']);
    await enter();
    await person.at('contact');
    await tab();
    await tab();
    expect(person.focused?.textContent?.trim()).to.equal('Go back');
    await enter();
    await person.at('code');
    await sendKeys({ type: await latestCode(PHONE.value) });
    await enter();
    await person.at('verified');
  });
});

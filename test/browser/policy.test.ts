/** Both elements on a page with a strict content security policy, through all of their steps. */
import { expect } from '@open-wc/testing';
import type { AnyElement } from './support/element-user.js';
import { EMAIL, PHONE } from './support/element-user.js';
import { openStack } from './support/browser-stack.js';
import './support/csp-violations.js';
import { until } from './support/until.js';

/** Opens the page in a frame, where its policy is its own. */
async function openStrictPage(endpoint: string): Promise<Window> {
  const frame = document.createElement('iframe');
  frame.width = '400';
  frame.height = '900';
  frame.src = endpoint.replace(/verify$/, 'strict-page');
  document.body.append(frame);
  const page = frame.contentWindow!;
  await until(() => page.document.querySelector('verify-contact:defined'), 'The page has no elements');
  return page;
}

describe('under a strict content security policy', () => {
  it('both elements go through their steps without a violation', async () => {
    const user = { user: 'ada', verified: { phone: PHONE.value, email: EMAIL }, twoFactorRequired: true };
    const { endpoint, latestCode, become } = await openStack(user);
    const page = await openStrictPage(endpoint);
    const at = async (element: AnyElement, step: string) => {
      await until(() => element.step === step, `The step is never ${step}`);
      await element.updateComplete;
    };
    const enter = async (element: AnyElement, text: string) => {
      const field = element.shadowRoot!.querySelector('input')!;
      field.focus();
      field.value = text;
      field.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }));
      await element.updateComplete;
      element.shadowRoot!.querySelector<HTMLButtonElement>('[part=button]')!.click();
    };

    const second = page.document.querySelector('two-factor')!;
    await at(second, 'code');
    await enter(second, await latestCode(PHONE.value));
    await at(second, 'verified');

    await become({ user: 'ada', secondFactor: true });
    const contact = page.document.querySelector('verify-contact')!;
    contact.setAttribute('lang', 'de');
    await until(() => contact.shadowRoot!.textContent.includes('Telefonnummer'));
    await enter(contact, '+44 7400 123456');
    await at(contact, 'code');
    await enter(contact, await latestCode('+447400123456'));
    await at(contact, 'verified');

    expect(page.violations).to.deep.equal([]);
  }).timeout(30_000);

  it('the test would see a violation', async () => {
    const { endpoint } = await openStack();
    const page = await openStrictPage(endpoint);
    page.document.body.append(page.document.createElement('style'));
    page.document.querySelector('style')!.textContent = 'p { color: red }';
    await until(() => page.violations.length > 0);
    expect(page.violations[0]).to.include('style-src');
  });
});

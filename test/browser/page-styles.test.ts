/** Both elements on pages of other people's styles: what is drawn there can be read and pressed. */
import { expect } from '@open-wc/testing';
import { emulateMedia } from '@web/test-runner-commands';
import { PHONE, twoFactor, verifyContact, wrong, type Person } from './support/element-user.js';
import { backgroundOf, contrast, textContrast } from './support/contrast.js';
import { openStack } from './support/browser-stack.js';
import { pageStyles } from './support/page-styles.js';
import { until } from './support/until.js';

const page = document.head.appendChild(document.createElement('style'));
const isChromium = navigator.userAgent.includes('Chrome');

/** Every line of text that is not switched off. */
const texts = 'label, p:not([role]), bdi, button:not([aria-disabled]), input';

function checkContrast({ root, element }: Person): void {
  for (const one of root.querySelectorAll(texts)) {
    const name = `${element.step}: ${one.localName} ${one.getAttribute('part') ?? ''}`;
    expect(textContrast(one), name).to.be.at.least(4.5);
  }
  for (const option of root.querySelectorAll('option')) {
    const list = option.closest('select')!;
    expect(getComputedStyle(list).backgroundColor, 'the open list is opaque').to.match(/^rgb\(/);
    expect(contrast(getComputedStyle(option).color, backgroundOf(list)), 'the open list').to.be.at.least(4.5);
  }
  for (const one of root.querySelectorAll('.box, [part=field]:not(.code), [part~=digit], [part=button]')) {
    const name = `the border of ${one.getAttribute('part')} in ${element.step}`;
    expect(contrast(getComputedStyle(one).borderTopColor, backgroundOf(one, false)), name).to.be.at.least(3);
  }
}

async function checkFocus({ root, element }: Person): Promise<void> {
  for (const one of root.querySelectorAll<HTMLElement>('input, button, select')) {
    one.focus();
    // The chunk that marks the boxes loads at the first focus.
    if (one.closest('.code')) await until(() => root.querySelector('[part~=active]'), 'No box is marked');
    const ringed =
      one.closest('.box, .code')?.querySelectorAll<HTMLElement>('[part~=active]')[0] ?? one.closest('.box') ?? one;
    const { outlineStyle, outlineColor, outlineWidth } = getComputedStyle(
      one.matches('select') ? one.parentElement! : ringed,
    );
    const name = `the focus on ${one.localName} in ${element.step}`;
    expect([outlineStyle, outlineWidth], name).to.deep.equal(['solid', '2px']);
    expect(contrast(outlineColor, backgroundOf(ringed, false)), name).to.be.at.least(3);
  }
}

function checkSizes({ root, element }: Person): void {
  for (const target of root.querySelectorAll('button, input, select')) {
    const { width, height } = target.getBoundingClientRect();
    const name = `${element.step}: ${target.localName}`;
    expect(Math.min(width, height), name).to.be.at.least(44);
    if (target.matches('input')) expect(parseFloat(getComputedStyle(target).fontSize), name).to.be.at.least(16);
  }
}

async function checkAll(person: Person): Promise<void> {
  await person.element.updateComplete;
  checkContrast(person);
  checkSizes(person);
  await checkFocus(person);
}

describe('on a page of somebody else', () => {
  before(function () {
    // Only Chromium can be told what the system asks for.
    if (!isChromium) this.skip();
  });
  afterEach(async () => {
    page.textContent = '';
    await emulateMedia({ colorScheme: 'light' });
  });

  for (const { name, css, system } of pageStyles) {
    it(`every step can be read and pressed: ${name}`, async () => {
      await emulateMedia({ colorScheme: system ?? 'light' });
      page.textContent = css;
      const { endpoint, latestCode } = await openStack();
      const person = await verifyContact({ endpoint, type: 'phone email' });
      await person.press('Send code');
      await checkAll(person);
      await person.type('Phone number', PHONE.typed);
      await checkAll(person);
      await person.press('Send code');
      await person.at('code');
      await checkAll(person);
      const code = await latestCode(PHONE.value);
      await person.submits(wrong(code));
      await person.told('That code isn’t right.');
      await checkAll(person);
      await person.press('Change number');
      await person.press('Go back');
      await person.submits(code);
      await person.at('verified');
      await checkAll(person);
      const nobody = await twoFactor({ endpoint });
      await nobody.at('unavailable');
      await checkAll(nobody);
    }).timeout(30_000);
  }
});

describe('a brand color', () => {
  after(() => (page.textContent = ''));

  it('gets a label on it that can be read, whatever the color', async () => {
    const person = await verifyContact({});
    const button = person.button('Send code');
    for (let hue = 0; hue < 360; hue += 20) {
      for (let lightness = 5; lightness < 100; lightness += 10) {
        const color = `hsl(${hue} 80% ${lightness}%)`;
        person.element.style.setProperty('--verify-accent', color);
        expect(textContrast(button), color).to.be.at.least(4.5);
      }
    }
    person.element.style.setProperty('--verify-accent', 'light-dark(#0d6efd, #6ea8fe)');
    expect(textContrast(button)).to.be.at.least(4.5);
  });
});

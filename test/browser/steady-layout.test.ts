/** What stays where it is: the button while it works, the digits in their boxes, the full stop behind an address, the field in a page that centers it. */
import { expect } from '@open-wc/testing';
import { emulateMedia, sendKeys } from '@web/test-runner-commands';
import {
  control,
  EMAIL,
  PHONE,
  settled,
  twoFactor,
  verifyContact,
  wrong,
  type Person,
} from './support/element-user.js';
import { openStack } from './support/browser-stack.js';
import { until } from './support/until.js';

/** The place of everything that is drawn, relative to the element. */
function places({ root, element }: Person): Record<string, number[]> {
  const { left, top } = element.getBoundingClientRect();
  const all = [...root.querySelectorAll('label, p:not([role]), button, input, [part~=field], [part~=digit]')];
  return Object.fromEntries(
    all.map((one, at) => {
      const { x, y, width, height } = one.getBoundingClientRect();
      return [`${at} ${one.localName} ${one.getAttribute('part') ?? ''}`, [x - left, y - top, width, height]];
    }),
  );
}

const rectOf = (node: Node, from: number, to: number) => {
  const range = document.createRange();
  range.setStart(node, from);
  range.setEnd(node, to);
  return range.getBoundingClientRect();
};

describe('while a request is in progress', () => {
  for (const lang of ['en', 'de', 'ar'])
    it(`nothing moves, and the button keeps its label and gets a spinner (${lang})`, async () => {
      const { endpoint, hold, latestCode } = await openStack();
      const person = await verifyContact({ endpoint, lang, dir: lang === 'ar' ? 'rtl' : 'ltr' });
      person.element.style.width = '328px';
      const button = () => person.root.querySelector<HTMLButtonElement>('[part=button]')!;
      const input = () => person.root.querySelector('input')!;
      const submit = async (text: string, before: Person['element']['step'], during: Person['element']['step']) => {
        await person.at(before);
        input().focus();
        await sendKeys({ type: text });
        await settled();
        const [label, still] = [button().textContent.trim(), places(person)];
        const release = await hold();
        button().click();
        try {
          await person.at(during);
          await settled();
          expect(button().textContent.trim()).to.equal(label);
          expect(places(person)).to.deep.equal(still);
          const spinner = button().querySelector('[part=spinner]')!.getBoundingClientRect();
          const { left, right, top, bottom } = button().getBoundingClientRect();
          expect(spinner.left > left && spinner.right < right, 'beside the label').to.equal(true);
          expect(Math.abs(spinner.top + spinner.bottom - top - bottom), 'in the middle').to.be.at.most(4);
          const words = [...button().childNodes].find((node) => node instanceof Text && node.data.trim())!;
          const range = document.createRange();
          range.selectNodeContents(words);
          const { left: start, right: end } = range.getBoundingClientRect();
          expect(spinner.left >= end || spinner.right <= start, 'not over the label').to.equal(true);
        } finally {
          await release();
        }
      };
      await submit(PHONE.typed, 'contact', 'sending');
      await person.at('code');
      const code = await latestCode(PHONE.value);
      await submit(wrong(code), 'code', 'checking');
      await person.at('code');
      expect(person.root.querySelector('[part=spinner]')).to.equal(null);
    });

  it('the spinner turns, and does not where the reader reduces motion', async function () {
    if (!navigator.userAgent.includes('Chrome')) this.skip();
    const { endpoint, hold } = await openStack();
    const person = await verifyContact({ endpoint });
    const release = await hold();
    await person.type('Phone number', PHONE.typed);
    await person.press('Send code');
    const spinner = person.root.querySelector('[part=spinner]')!;
    for (const [reducedMotion, name] of [
      ['no-preference', 'spin'],
      ['reduce', 'none'],
    ] as const) {
      await emulateMedia({ reducedMotion });
      expect(getComputedStyle(spinner).animationName).to.equal(name);
    }
    await emulateMedia({ reducedMotion: 'no-preference' });
    await release();
  });
});

describe('the boxes of the code', () => {
  let person: Person;
  let field: HTMLInputElement;
  beforeEach(async () => {
    const { endpoint } = await openStack();
    person = await verifyContact({ endpoint });
    await person.sends(PHONE.typed);
    field = person.field('Code');
    await settled();
  });
  const marked = (part: string) =>
    [...person.root.querySelectorAll('[part~=digit]')].flatMap((box, at) => (box.part.contains(part) ? [at] : []));

  it('show which digit is typed next, and which digits are selected, up to the last box', async () => {
    await until(() => marked('active').length, 'No box is marked');
    expect(marked('active')).to.deep.equal([0]);
    await sendKeys({ type: '123' });
    await settled();
    expect(marked('active')).to.deep.equal([3]);
    await sendKeys({ press: 'ArrowLeft' });
    await settled();
    expect(marked('active')).to.deep.equal([2]);
    await sendKeys({ press: 'End' });
    await sendKeys({ type: '456' });
    await settled();
    expect([marked('active'), marked('selected')]).to.deep.equal([[5], []]);
    await control('a');
    await settled();
    expect([marked('active'), marked('selected')]).to.deep.equal([
      [0, 1, 2, 3, 4, 5],
      [0, 1, 2, 3, 4, 5],
    ]);
    expect(getComputedStyle(field, '::selection').backgroundColor).to.equal('rgba(0, 0, 0, 0)');
    field.blur();
    await settled();
    expect([marked('active'), marked('selected')]).to.deep.equal([[], []]);
  });

  it('hold the digits, or give way to one plain field where a person has a text spacing of their own (WCAG 1.4.12)', async () => {
    const spacing = new CSSStyleSheet();
    spacing.replaceSync(
      '* { letter-spacing: 0.12em !important; word-spacing: 0.16em !important; line-height: 1.5 !important }',
    );
    for (const sheets of [[], [spacing]]) {
      person.root.adoptedStyleSheets.push(...sheets);
      await sendKeys({ press: 'Home' });
      await sendKeys({ press: 'End' });
      await settled();
      const boxes = [...person.root.querySelectorAll('[part~=digit]')].map((box) => box.getBoundingClientRect());
      const { borderStyle } = getComputedStyle(field.parentElement!.parentElement!);
      const style = getComputedStyle(field);
      const pen = document.createElement('canvas').getContext('2d')!;
      pen.font = style.font;
      const digit = pen.measureText('0').width;
      const first = field.getBoundingClientRect().left + parseFloat(style.paddingInlineStart);
      if (sheets.length) {
        expect(Math.max(...boxes.map(({ width }) => width)), 'no box is drawn').to.equal(0);
        expect(borderStyle, 'one box for all digits').to.equal('solid');
        continue;
      }
      boxes.forEach((box, at) => {
        const left = first + at * (digit + parseFloat(style.letterSpacing));
        expect(left, `digit ${at}`).to.be.at.least(box.left);
        expect(left + digit, `digit ${at}`).to.be.at.most(box.right);
      });
    }
  });
});

const isWebKit = /AppleWebKit\/(?!.*Chrom)/.test(navigator.userAgent);

describe('a full stop', () => {
  for (const to of [PHONE.typed, EMAIL, 'ada.lovelace@analytical-engine.example.com'])
    it(`never stands alone on a line behind ${to}`, async () => {
      const { endpoint } = await openStack();
      const type = to.includes('@') ? 'email' : 'phone';
      const person = await verifyContact({ endpoint, type });
      await person.sends(to, type === 'email' ? 'E-mail address' : 'Phone number');
      const address = person.root.querySelector('bdi')!;
      const walker = document.createTreeWalker(address.parentElement!, NodeFilter.SHOW_TEXT);
      let stop: Node | null = null;
      while (walker.nextNode()) if (walker.currentNode.textContent!.startsWith('.')) stop = walker.currentNode;
      const last = [...address.childNodes].findLast((node) => node.textContent)!;
      for (let width = 180; width < 480; width++) {
        person.element.style.width = `${width}px`;
        const end = last.textContent!.length;
        // WebKit also breaks behind an address that does not fit on a line.
        if (isWebKit && address.getClientRects().length > 1) continue;
        // Bold text may begin a pixel higher. The next line would begin 20 pixels lower.
        expect(rectOf(stop!, 0, 1).top, `${width} px`).to.be.closeTo(rectOf(last, end - 1, end).top, 3);
        expect(address.getBoundingClientRect().right, `${width} px`).to.be.at.most(
          person.element.getBoundingClientRect().right + 1,
        );
      }
    });
});

describe('a page that centers the element or its parts', () => {
  const frames: Record<string, string> = {
    'a grid': 'display: grid; justify-items: center',
    'a column': 'display: flex; flex-direction: column; align-items: center',
    'a row': 'display: flex; flex-wrap: wrap; justify-content: center',
    'a shrinking box': 'width: fit-content; margin: auto',
    'a table': 'display: table',
  };
  const part = document.head.appendChild(document.createElement('style'));
  after(() => part.remove());

  it('sees every field at its size', async () => {
    const { endpoint } = await openStack({ user: 'ada', verified: { phone: PHONE.value }, twoFactorRequired: true });
    const frame = document.body.appendChild(document.createElement('div'));
    const contact = await verifyContact({}, frame);
    const factor = await twoFactor({ endpoint, lang: 'ja' }, frame);
    await factor.at('code');
    for (const [name, style] of Object.entries(frames))
      for (const css of ['', 'justify-self: center', 'align-self: center; margin: auto'])
        for (const width of [256, 328, 800]) {
          part.textContent = `::part(field) { ${css} }`;
          frame.style.cssText = `width: ${width}px; ${style}; max-width: ${width}px`;
          for (const { root } of [contact, factor]) {
            const field = root.querySelector('[part~=field]')!.getBoundingClientRect();
            expect(field.width, `${name}, ${css}, ${width} px`).to.be.at.least(200);
            const end = frame.getBoundingClientRect().left + width + 1;
            expect(field.right, `${name}, ${css}, ${width} px`).to.be.at.most(end);
          }
          const [digit] = factor.root.querySelectorAll('[part~=digit]');
          expect(digit!.getBoundingClientRect().width, `${name}, ${css}, ${width} px`).to.be.at.least(24);
        }
    frame.remove();
  });
});

describe('sentences without a translation', () => {
  it('say that they are in English, and are written from left to right', async () => {
    const person = await verifyContact({ lang: 'ps', dir: 'rtl' });
    const label = () => person.root.querySelector('label')!;
    await until(() => label().closest('[lang]'), 'The sentences never say that they are in English');
    expect(label().closest('[lang]')!.getAttribute('lang')).to.equal('en');
    expect(getComputedStyle(label()).direction).to.equal('ltr');
    person.element.lang = 'he';
    await person.at('contact');
    await until(() => !label().textContent.includes('Phone'), 'Hebrew never arrives');
    expect(label().closest('[lang]')).to.equal(null);
    expect(getComputedStyle(label()).direction).to.equal('rtl');
  });
});

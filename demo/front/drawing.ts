/** The drawing of page, backend and Twilio as SVG: side by side, or one below the other for a narrow place. Pure. */

/** How the three parties stand. */
export type Orientation = 'wide' | 'narrow';

interface Party {
  readonly name: string;
  readonly code: string;
  readonly lines: readonly [string, string];
}

const parties: readonly Party[] = [
  { name: 'Your page', code: '<verify-contact>', lines: ['Holds no key. Talks to', 'your own domain only.'] },
  {
    name: 'Your backend',
    code: 'createHandler()',
    lines: ['Holds the credentials. Counts,', 'limits, and signs the proof.'],
  },
  { name: 'Twilio Verify', code: 'verify.twilio.com', lines: ['Sends the code, and', 'compares what was entered.'] },
];

/** What goes from each party to the next, and what comes back. */
const messages = [
  { there: ['the number,', 'then the code'], back: ['a sealed challenge,', 'then a signed proof'] },
  { there: ['send,', 'then check'], back: ['pending,', 'then approved'] },
] as const;

const delivery = 'the code, by SMS, call, WhatsApp or e-mail';

/** For those who do not see it. */
export const description =
  'Your page sends the number and then the code to your backend, on your own domain, and gets a sealed challenge and then a signed proof. ' +
  'Your backend holds the credentials, and calls Twilio Verify to send and to check. ' +
  'Twilio Verify sends the code to the person, who enters it in your page.';

/** The page's own colours where it has them; those of the drawing elsewhere, as in a README. */
const style = `
  .f { --f-ink: var(--ink, #15201c); --f-quiet: var(--quiet, #58625d); --f-card: var(--card, #fff); --f-line: var(--line-strong, #878c86); --f-accent: var(--accent, #0b6b4f); }
  @media (prefers-color-scheme: dark) {
    .f { --f-ink: var(--ink, #e9eeec); --f-quiet: var(--quiet, #9eaaa6); --f-card: var(--card, #171c1b); --f-line: var(--line-strong, #6c7673); --f-accent: var(--accent, #74d7b1); }
  }
  .f text { font: 13px/1 system-ui, sans-serif; fill: var(--f-quiet); }
  .f .f-name { font-size: 16px; font-weight: 650; fill: var(--f-ink); }
  .f .f-code { font-family: ui-monospace, 'SF Mono', Menlo, Consolas, monospace; fill: var(--f-accent); }
  .f rect { fill: var(--f-card); stroke: var(--f-line); }
  .f .f-own { stroke: var(--f-accent); stroke-width: 1.5; }
  .f path { fill: none; stroke: var(--f-line); stroke-width: 1.5; stroke-linecap: round; stroke-linejoin: round; }
  .f .f-sent { stroke-dasharray: 1 5; }
`;

/** Draws it. The result is a whole SVG file, and can also stand in a page. */
export function drawing(orientation: Orientation): string {
  const { width, height, body } = orientation === 'wide' ? wide() : narrow();
  return `<svg xmlns="http://www.w3.org/2000/svg" class="f ${orientation}" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${description}">
<style>${style}</style>
${body.join('\n')}
</svg>
`;
}

function wide() {
  const [boxWidth, boxHeight, gap] = [252, 132, 158];
  const left = (index: number) => 1 + index * (boxWidth + gap);
  const body = parties.map((party, index) => box(party, left(index), 1, boxWidth, boxHeight));
  messages.forEach(({ there, back }, index) => {
    const [from, to] = [left(index) + boxWidth + 12, left(index + 1) - 12];
    const middle = (from + to) / 2;
    body.push(words(there, middle, 22, 'middle'), arrow([from, 52], [to, 52]));
    body.push(arrow([to, 82], [from, 82]), words(back, middle, 104, 'middle'));
  });
  const [page, twilio, bottom] = [left(0) + boxWidth / 2, left(2) + boxWidth / 2, 196];
  body.push(
    `<path class="f-sent" d="M${twilio} 145V${bottom - 12}q0 12 -12 12H${page + 12}q-12 0 -12 -12V147"/>`,
    head([page, 145], [0, -1]),
    `<rect x="${left(1) - 46}" y="${bottom - 14}" width="${boxWidth + 92}" height="28" stroke="none" style="fill: var(--page, var(--f-card)); stroke: none"/>`,
    words([delivery], left(1) + boxWidth / 2, bottom + 4.5, 'middle'),
  );
  return { width: left(2) + boxWidth + 1, height: 214, body };
}

function narrow() {
  const [boxWidth, boxHeight, gap] = [284, 112, 76];
  const top = (index: number) => 1 + index * (boxHeight + gap);
  const body = parties.map((party, index) => box(party, 1, top(index), boxWidth, boxHeight));
  messages.forEach(({ there, back }, index) => {
    const [from, to] = [top(index) + boxHeight + 9, top(index + 1) - 9];
    const middle = (from + to) / 2 - 4;
    body.push(arrow([22, from], [22, to]), words(there, 34, middle, 'start'));
    body.push(arrow([146, to], [146, from]), words(back, 158, middle, 'start'));
  });
  const [edge, out, bottom] = [boxWidth + 12, 328, top(2) + boxHeight];
  const [first, last] = [boxHeight / 2, top(2) + boxHeight / 2];
  body.push(
    `<path class="f-sent" d="M${edge} ${last}H${out - 12}q12 0 12 -12V${first + 12}q0 -12 -12 -12H${edge + 2}"/>`,
    head([edge, first], [-1, 0]),
    `<path class="f-sent" d="M2 ${bottom + 25}H36"/>`,
    words([delivery], 46, bottom + 29, 'start'),
  );
  return { width: 340, height: bottom + 36, body };
}

function box({ name, code, lines }: Party, x: number, y: number, width: number, height: number): string {
  const own = name === 'Your backend' ? ' class="f-own"' : '';
  const step = (height - 68) / 3;
  return [
    `<rect${own} x="${x}" y="${y}" width="${width}" height="${height}" rx="12"/>`,
    `<text class="f-name" x="${x + 18}" y="${y + 31}">${name}</text>`,
    `<text class="f-code" x="${x + 18}" y="${y + 34 + step}">${escaped(code)}</text>`,
    words(lines, x + 18, y + 42 + 2 * step, 'start'),
  ].join('');
}

function words(lines: readonly string[], x: number, y: number, anchor: 'start' | 'middle'): string {
  return lines
    .map((line, index) => `<text x="${x}" y="${y + index * 17}" text-anchor="${anchor}">${escaped(line)}</text>`)
    .join('');
}

type Point = readonly [number, number];

function arrow(from: Point, to: Point): string {
  const direction: Point = [Math.sign(to[0] - from[0]), Math.sign(to[1] - from[1])];
  return `<path d="M${from.join(' ')}L${to.join(' ')}"/>${head(to, direction)}`;
}

function head([x, y]: Point, [dx, dy]: Point): string {
  const back = (side: number) => `${x - 6 * dx + 5 * side * dy} ${y - 6 * dy + 5 * side * dx}`;
  return `<path d="M${back(1)}L${x} ${y}L${back(-1)}"/>`;
}

const escaped = (text: string) => text.replace(/</g, '&lt;').replace(/>/g, '&gt;');

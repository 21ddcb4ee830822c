/** Styles of other people's pages, each reduced to what an element in it inherits. Data only. */

export interface PageStyle {
  readonly name: string;
  readonly css: string;
  /** What the reader's system asks for. */
  readonly system?: 'dark';
}

/** What Tailwind 4 sets on every page (preflight.css). */
const preflight = `*, ::after, ::before { box-sizing: border-box; margin: 0; padding: 0; border: 0 solid }
  html { line-height: 1.5; tab-size: 4; font-family: ui-sans-serif, system-ui, sans-serif }
  button, input, select { font: inherit; color: inherit; border-radius: 0; background-color: transparent }`;
/** What Bootstrap 5.3 sets on every page (_reboot.scss). */
const reboot = `*, *::before, *::after { box-sizing: border-box }
  body { margin: 0; font: 400 1rem/1.5 system-ui, sans-serif; -webkit-text-size-adjust: 100% }
  label { display: inline-block } p { margin: 0 0 1rem } input, button, select { font: inherit; margin: 0 }`;
/** What Pico 2 sets on every page, on a large screen. */
const pico = `:root { font: 400 125%/1.5 system-ui, sans-serif; text-underline-offset: 0.1rem }
  body { width: 100%; margin: 0 } p { margin: 0 0 1rem } input, select { margin-bottom: 1rem; line-height: 1.5 }`;

export const pageStyles: readonly PageStyle[] = [
  { name: 'a page without styles', css: '' },
  {
    name: 'a page without styles that follows a dark system',
    css: ':root { color-scheme: light dark }',
    system: 'dark',
  },
  {
    name: 'a dark page that says so',
    css: ':root { color-scheme: dark } body { background: #0f1115; color: #e6e6e6 }',
  },
  { name: 'a dark page without color-scheme', css: 'body { background: #111827; color: #e5e7eb }' },
  { name: 'a black page without color-scheme', css: 'body { background: #000; color: #9a9a9a }' },
  {
    name: 'a light page without color-scheme, on a dark system',
    css: 'body { background: #fff; color: #1f2937 }',
    system: 'dark',
  },
  {
    name: 'a light page that claims to have a dark version',
    css: ':root { color-scheme: light dark } body { background: #fff; color: #1f2937 }',
    system: 'dark',
  },
  { name: 'Bootstrap', css: `${reboot} body { background: #fff; color: #212529 }` },
  {
    name: 'Bootstrap, dark',
    css: `${reboot} :root { color-scheme: dark } body { background: #212529; color: #dee2e6 }`,
  },
  { name: 'Pico', css: `${pico} :root { color-scheme: light; background: #fff; color: #373c44 }` },
  { name: 'Pico, dark', css: `${pico} :root { color-scheme: dark; background: #13171f; color: #c2c7d0 }` },
  { name: 'Tailwind', css: `${preflight} body { background: #f9fafb; color: #111827 }` },
  { name: 'Tailwind, with gray text', css: `${preflight} body { background: #fff; color: #6b7280 }` },
  { name: 'Tailwind, dark', css: `${preflight} body { background: #030712; color: #d1d5db }` },
  { name: 'a page in a serif', css: 'body { font: 18px/1.7 Georgia, serif; background: #fdf6e3; color: #586e75 }' },
  { name: 'a page with colored text', css: 'body { background: #eff6ff; color: #1e3a8a }' },
  { name: 'a colored page', css: 'body { background: #14532d; color: #fef3c7 }' },
  { name: 'a root of 62.5 %', css: 'html { font-size: 62.5% } body { font-size: 1.6rem }' },
  { name: 'a root of 62.5 % that nothing corrects', css: 'html { font-size: 62.5% }' },
  { name: 'a root of 24 px', css: 'html { font-size: 24px }' },
  { name: 'a dense page', css: 'html { font-size: 13px; line-height: 1.2; letter-spacing: -0.01em }' },
];

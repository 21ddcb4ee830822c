/** Prepares a step for a picture of the guide on theming: content in its slots, a selection, and numbers with names at its parts. */
import type { VisualCase } from './visual-cases.js';

/** One step of a picture. */
export interface Cell {
  readonly visualCase: VisualCase;
  /** Slots to fill with their own names. */
  readonly slots?: readonly string[];
  /** What is selected in the field, from and to. */
  readonly selection?: readonly [number, number];
  /** Names, each with the selector of what it names, in the element or in its shadow root. */
  readonly notes?: Readonly<Record<string, string>>;
}

/** Runs in the page, so it may use nothing from outside. */
export async function annotate({ slots = [], selection, notes = {} }: Cell): Promise<void> {
  const main = document.querySelector('main')!;
  const element = main.firstElementChild!;
  const root = element.shadowRoot!;
  for (const name of slots) {
    const content = Object.assign(document.createElement('p'), { slot: name, textContent: `Your ${name}` });
    content.style.cssText = 'margin: 0 0 4px; padding: 4px 10px; border: 1px dashed; border-radius: 4px; opacity: 0.75';
    element.append(content);
  }
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  if (selection) {
    const input = root.querySelector('input')!;
    input.focus();
    input.setSelectionRange(...selection);
    // The chunk that marks boxes may still load.
    while (!root.querySelector('[part~=active]')) await frame();
  }
  await frame();
  await frame();
  const list = document.createElement('ol');
  list.style.cssText =
    'margin: 16px 0 0; padding: 0; columns: 2; column-gap: 8px; list-style: none; font: 12px/20px ui-monospace, monospace';
  const color = 'light-dark(#a21caf, #f0abfc)';
  const badge = (number: number) => {
    const mark = Object.assign(document.createElement('b'), { textContent: String(number) });
    mark.style.cssText = `display: inline-block; inline-size: 16px; block-size: 16px; border-radius: 8px; text-align: center;
      font: 600 10px/16px Vazirmatn; background: ${color}; color: light-dark(#fff, #3b0764)`;
    return mark;
  };
  const taken: DOMRect[] = [];
  Object.entries(notes).forEach(([name, selector], at) => {
    const target = root.querySelector(selector) ?? element.querySelector(selector);
    if (!target) throw new Error(`There is no ${selector}.`);
    const { left, top, width, height } = target.getBoundingClientRect();
    const outline = document.createElement('i');
    outline.style.cssText = `position: absolute; left: ${left - 2}px; top: ${top + scrollY - 2}px; inline-size: ${width + 4}px;
      block-size: ${height + 4}px; border: 1px solid color-mix(in srgb, ${color} 45%, transparent); border-radius: 4px; box-sizing: border-box`;
    const mark = badge(at + 1);
    mark.style.position = 'absolute';
    let x = left + width - 6;
    const y = top + scrollY - 9;
    while (taken.some((one) => Math.abs(one.x - x) < 17 && Math.abs(one.y - y) < 17)) x -= 18;
    taken.push(new DOMRect(x, y));
    mark.style.left = `${x}px`;
    mark.style.top = `${y}px`;
    const entry = document.createElement('li');
    entry.style.cssText = 'display: flex; gap: 6px; align-items: center; break-inside: avoid';
    entry.append(badge(at + 1), name);
    list.append(entry);
    main.append(outline, mark);
  });
  if (list.childElementCount > 0) main.append(list);
}

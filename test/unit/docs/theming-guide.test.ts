/** The guide on theming lists every part, slot, state and custom property of the elements, and its recipes use nothing else. */
import { beforeAll, describe, expect, it } from 'vitest';
import { readElements, type ElementModel, type Named } from '../../../scripts/generate/elements.js';
import { guide, recipes, themePictures } from '../../support/theme-pictures.js';

let elements: ElementModel[];
// The compiler reads the source once for all of them.
beforeAll(() => {
  elements = readElements();
}, 120_000);

const sorted = (names: Iterable<string>) => [...new Set(names)].sort();
const named = (of: (one: ElementModel) => readonly Named[]) =>
  sorted(elements.flatMap((one) => of(one).map(({ name }) => name)));
/** The names in the first cells of the table with this heading. */
function listed(heading: string): string[] {
  const table = guide.split(`| ${heading} |`)[1]?.split('\n\n')[0] ?? '';
  return [...table.matchAll(/^\| (.*?) \|/gm)].flatMap(([, cell = '']) => cell.match(/[\w-]+/g) ?? []);
}

describe('the guide on theming', () => {
  it('lists every part, slot and custom property', () => {
    expect(sorted(listed('part'))).toEqual(named(({ parts }) => parts));
    expect(sorted(listed('slot'))).toEqual(named(({ slots }) => slots));
    expect(sorted(listed('custom property'))).toEqual(named(({ cssProperties }) => cssProperties));
  });

  it('lists every state', () => {
    const sentence = /The step is the element's state.*/.exec(guide)?.[0].split('}`')[1] ?? '';
    expect(sorted([...sentence.matchAll(/`([\w-]+)`/g)].map(([, name = '']) => name))).toEqual(
      named(({ states }) => states),
    );
  });

  it('shows every part and every custom property in a picture', () => {
    const notes = themePictures.flatMap(({ cells }) => cells.flatMap((cell) => Object.keys(cell.notes ?? {})));
    const shown = sorted(notes.flatMap((note) => note.match(/[\w-]+/g) ?? []));
    const all = [...named(({ parts }) => parts), ...named(({ cssProperties }) => cssProperties)];
    expect(all.filter((name) => !shown.includes(name))).toEqual([]);
  });

  it('has recipes that use only what there is', () => {
    expect(recipes.length).toBeGreaterThanOrEqual(8);
    const parts = named((one) => one.parts);
    const properties = named((one) => one.cssProperties);
    for (const { name, css } of recipes) {
      for (const [, list = ''] of css.matchAll(/::part\(([^)]*)\)/g))
        for (const part of list.split(' ')) expect(parts, name).toContain(part);
      for (const [property] of css.matchAll(/--verify-[\w-]+/g)) expect(properties, name).toContain(property);
    }
  });
});

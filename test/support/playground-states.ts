/** The states of the playground whose snippets are tested: each attribute with each of its values, and all at once. */
import { attributes, tags, type Attribute } from '../../demo/page/playground/attributes.js';
import { readState, type State } from '../../demo/page/playground/state.js';

/** A text that HTML, JavaScript and the templates of the frameworks would misread without escaping. */
export const strange = "\"><b a='1'>&amp; {x} {{ y }} ${z} {{ `\\n` }} {/if} {{{";

type Attributes = State['attributes'];

const valuesOf = ({ isFlag, choices }: Attribute) =>
  isFlag ? [true as const] : (choices ?? ['some text', 'two\nlines', strange]);

/** The attributes to test, for both elements. */
export const choices: { element: State['element']; attributes: Attributes }[] = tags.flatMap((element) => {
  const known = attributes[element];
  const single = known.flatMap((one) => valuesOf(one).map((value): Attributes => ({ [one.name]: value })));
  const all = Object.fromEntries(known.map((one) => [one.name, valuesOf(one).at(-1) ?? '']));
  return [{}, ...single, all].map((chosen) => ({ element, attributes: chosen }));
});

/** The default state with these changes. */
export const state = (some: Partial<State>): State => ({ ...readState(''), ...some });

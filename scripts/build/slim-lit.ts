/** Leaves out of the script tag's file what Lit holds ready for others: some 700 bytes. Lit itself, and every other entry of the package, stay whole. */
import type { Plugin } from 'vite';

/**
 * Parts of Lit's production build that no template or class of ours reaches, as the build spells them.
 * Where another Lit no longer reads like this, the entry only grows, and the size budget says so.
 */
const idle: readonly (readonly [RegExp, string])[] = [
  // Support for browsers that these elements cannot run in anyway. `null` and not `undefined`, of which Rolldown's
  // minifier makes `0(…)` where it is called by `?.()`.
  [/\w+\.\w+(Polyfill|Hydrate)Support\b/g, 'null'],
  // Lists of versions, to warn of several.
  [/\(\w+\.\w+Versions\?\?=\[\]\)\.push\("[\d.]+"\)/g, '0'],
  // Directives.
  [/if\(i===E\)return i;let h=void 0!==e[^]*?,i\}(?=class R\{)/, 'return i}'],
  // Templates of SVG and MathML.
  [/2===i\?"<svg>":3===i\?"<math>":""/, '""'],
  [/\+\(2===i\?"<\/svg>":3===i\?"<\/math>":""\)/, ''],
  [/,2===i\|\|3===i\)\{[^{}]*\}/, ');'],
  // Bindings inside `<textarea>`, `<style>` and the like, and inside comments.
  [/if\(y\.test\(r\.tagName\)\)\{[^]*?\}(?=\}else if\(8===)/, ''],
  [/(if\(r\.data===n\)d\.push\(\{type:2,index:l\}\);)else\{let t=-1;[^{}]*\{[^{}]*\}[^{}]*\}/, '$1'],
  // Attributes that are numbers or JSON.
  [/break;case Object:case Array:t=null==t\?t:JSON\.stringify\(t\)/, ''],
  [/break;case Number:[^]*?catch\(t\)\{i=null\}/, ''],
  // Decorators' metadata.
  [/Symbol\.metadata\?\?=Symbol\("metadata"\),\w+\.litPropertyMetadata\?\?=new WeakMap;/, ''],
  [/const t=this\[Symbol\.metadata\];if\(null!==t\)\{[^]*?\}(?=this\._\$Eh=)/, ''],
];

/** With `cssTag` in the place of Lit's own, which takes style sheets of many kinds. */
export function slimLit(cssTag: string): Plugin {
  return {
    name: 'slim-lit',
    enforce: 'pre',
    resolveId: (asked) => (/\bcss-tag\.js$/.test(asked) ? cssTag : null),
    transform: (code, id) =>
      /node_modules\/(@?lit)\b/.test(id) ? idle.reduce((rest, [from, to]) => rest.replace(from, to), code) : null,
  };
}

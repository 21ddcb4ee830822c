/** Removes from the script tag's file the parts of Lit that these elements never reach: some 1,450 bytes. Every other entry of the package uses Lit whole. */
import type { Plugin } from 'vite';

/**
 * What no template or class of ours reaches in Lit's production build, as the build spells it. Where another Lit no longer
 * reads like this, the file grows and the size budget reports it; the journeys through the built file report anything else.
 */
const unreachable: readonly (readonly [RegExp, string])[] = [
  // Support for browsers in which these elements do not work anyway. `null` and not `undefined`, of which Rolldown's
  // minifier makes `0(…)` where it is called by `?.()`.
  [/\w+\.\w+(Polyfill|Hydrate)Support\b/g, 'null'],
  // Lists of versions, by which Lit warns of several copies.
  [/\(\w+\.\w+Versions\?\?=\[\]\)\.push\("[\d.]+"\)/g, '0'],

  // Directives, and the parts' connected state, which only directives use.
  [/if\(i===E\)return i;let h=void 0!==e[^]*?,i\}(?=class R\{)/, 'return i}'],
  [/\bt=M\(this,t,i(,0)?\),/g, ''],
  [/\bM\(this,(e\[s\+n\]),i,n\)/, '$1'],
  [/\bM\(this,t,i,0\)/, 't'],
  [/this\._\$AP\?\.\(!1,!0,s\)/, ''],
  [/setConnected\(t\)\{[^{}]*\}/, ''],
  [/(dis)?connectedCallback\(\)\{super\.(dis)?connectedCallback\(\),this\._\$Do\?\.setConnected\(![01]\)\}/g, ''],
  [/this\.hasUpdated\|\|\(this\.renderOptions\.isConnected=this\.isConnected\),/, ''],
  [/get (_\$AU|tagName|startNode|endNode)\(\)\{return[^{}]*\}/g, ''],
  [/get parentNode\(\)\{(return[^{}]*|let t=[^{}]*)\}/g, ''],
  [/,this\._\$Cv=e\?\.isConnected\?\?!0/, ''],
  [/,this\._\$AN=void 0/g, ''],

  // Templates of SVG and MathML, and compiled ones.
  [/2===i\?"<svg>":3===i\?"<math>":""/, '""'],
  [/\+\(2===i\?"<\/svg>":3===i\?"<\/math>":""\)/, ''],
  [/,2===i\|\|3===i\)\{[^{}]*\}/, ');'],
  [/"number"==typeof s\?this\._\$AC\(t\):\(.*?\),s\)/, 'this._$AC(t)'],
  // Bindings inside `<textarea>`, `<style>` and the like, inside comments, and in the place of an attribute.
  [/if\(y\.test\(r\.tagName\)\)\{[^]*?\}(?=\}else if\(8===)/, ''],
  [/\(y\.test\(u\[2\]\)&&\(n=RegExp\("<\/"\+u\[2\],"g"\)\),c=p\)/, 'c=p'],
  [/(if\(r\.data===n\)d\.push\(\{type:2,index:l\}\);)else\{let t=-1;[^{}]*\{[^{}]*\}[^{}]*\}/, '$1'],
  [/else t\.startsWith\(o\)&&\(d\.push\(\{type:6,index:l\}\),r\.removeAttribute\(t\)\)/, ''],
  [/:6===r\.type&&\(i=new Z\(h,this,t\)\)/, ':0'],
  [/"!--"===u\[1\]\?c=_:void 0!==u\[1\]\?c=m:/, ''],
  [/c===_\|\|c===m\?c=v:/, ''],
  // Attributes in other quotes than those that the templates' minifier writes.
  [/c=void 0===u\[3\]\?p:'"'===u\[3\]\?\$:g/, 'c=$'],
  [/c===\$\|\|c===g\?/, 'c===$?'],
  // Values that are nodes, or lists other than arrays.
  [/\|\|"function"==typeof t\?\.\[Symbol\.iterator\]/, ''],
  [/void 0!==t\.nodeType\?this\.T\(t\):d\(t\)/, 'u(t)'],
  // Listeners that are objects, or have options.
  [/\|\|t\.capture!==s\.capture\|\|t\.once!==s\.once\|\|t\.passive!==s\.passive/, ''],
  [/"function"==typeof this\._\$AH\?(this\._\$AH\.call\([^()]*\)):this\._\$AH\.handleEvent\(t\)/, '$1'],
  // Rendering into another document, or before a node. `renderRoot()` in src/elements makes every root.
  [/\(t\?\.creationScope\?\?l\)/, 'l'],
  [/s\?\.renderBefore\?\?(i|null)/g, '$1'],
  [/createRenderRoot\(\)\{[^{}]*\}/, ''],

  // Attributes that are numbers or JSON, or have a converter.
  [/break;case Object:case Array:t=null==t\?t:JSON\.stringify\(t\)/, ''],
  [/break;case Number:[^]*?catch\(t\)\{i=null\}/, ''],
  [/"function"==typeof t\.converter\?.*?:u;/, 'u;'],
  [/\(void 0!==i\.converter\?\.toAttribute\?i\.converter:u\)/, 'u'],
  // Decorators: their metadata, initializers, and the accessors that they wrap.
  [/Symbol\.metadata\?\?=Symbol\("metadata"\),\w+\.litPropertyMetadata\?\?=new WeakMap;/, ''],
  [/const t=this\[Symbol\.metadata\];if\(null!==t\)\{[^]*?\}(?=this\._\$Eh=)/, ''],
  [/static addInitializer\(t\)\{[^{}]*\}/, ''],
  [/,void 0!==t\.l&&\(this\.l=\[\.\.\.t\.l\]\)/, ''],
  [/,this\.constructor\.l\?\.forEach\(t=>t\(this\)\)/, ''],
  [/this\.prototype\.hasOwnProperty\(t\)&&\(\(s=Object\.create\(s\)\)\.wrapped=!0\),/, ''],
  [/const t=this\.constructor\.elementProperties;if\(t\.size>0\)for\(const\[s,i\]of t\)\{[^{}]*\{[^{}]*\}[^{}]*\}/, ''],
  [
    /const\{get:e,set:r\}=h\(this\.prototype,t\)\?\?[^]*?return\{get:e,set\(s\)\{const h=e\?\.call\(this\);r\?\.call\(this,s\),/,
    'return{get(){return this[s]},set(e){const h=this[s];this[s]=e,',
  ],
  // Properties of the kinds that none of ours is of: internal state, a symbol, with a default that an attribute restores.
  [/s\.state&&\(s\.attribute=!1\),/, ''],
  [/s=\[\.\.\.r\(t\),\.\.\.o\(t\)\]/, 's=r(t)'],
  [/"string"==typeof t\?t\.toLowerCase\(\):void 0/, 't.toLowerCase()'],
  [/\|\|i\.useDefault&&i\.reflect&&[^()]*\(t\)&&!this\.hasAttribute\(r\._\$Eu\(t,i\)\)/, ''],
  [/i&&!\(this\._\$Ej\?\?=new Map\)\.has\(t\)&&\(.*?\)\|\|\(/, '('],
  [/,useDefault:!1/, ''],
  [/\{useDefault:i,(reflect:e),wrapped:h\},r\)/, '{$1})'],
  [/this\.hasUpdated\|\|i\|\|/, 'this.hasUpdated||'],
  [/r\?\?this\._\$Ej\?\.get\(e\)\?\?r/, 'r'],
  // Methods that none of ours overrides, and wrappers for other minifiers and type checkers.
  [/t=this\.shouldUpdate\(s\),t\?(\(.*?\)):this\._\$EM\(\)(?=\}catch)/, 't=!0,$1'],
  [/shouldUpdate\(t\)\{return!0\}/, ''],
  [/const t=this\.scheduleUpdate\(\);return null!=t&&await t,/, 'return this.performUpdate(),'],
  [/scheduleUpdate\(\)\{return this\.performUpdate\(\)\}/, ''],
  [/this\.hasUpdated\|\|\(this\.hasUpdated=!0,this\.firstUpdated\(t\)\)/, 'this.hasUpdated=!0'],
  [/firstUpdated\(t\)\{\}/, ''],
  [/this\.getUpdateComplete\(\)\}getUpdateComplete\(\)\{return /, ''],
  [/\bd\(("\w+")\)/g, '$1'],
  [/\bi\(t\)(?=\.(nextSibling|remove))/g, 't'],
  // Controllers that leave, and several style sheets.
  [/removeController\(t\)\{[^{}]*\}/, ''],
  [/const i=\[\];if\(Array\.isArray\(s\)\).*?return i\}/, 'return[t(s)]}'],
  // Controllers that come after the constructor, and an update without a root or without a request for it.
  [/,void 0!==this\.renderRoot&&this\.isConnected&&t\.hostConnected\?\.\(\)/, ''],
  [/enableUpdating\(t\)\{\}/, ''],
  [/(performUpdate\(\)\{)if\(!this\.isUpdatePending\)return;/, '$1'],
  [/if\(this\.renderRoot\?\?=this\.createRenderRoot\(\),/, 'if('],
  [/let t=!1;(const s=this\._\$AL;try\{)t=!0,/, '$1'],
  [/throw t=!1,/, 'throw '],
  [/t&&this\._\$AE\(s\)/, 'this._$AE(s)'],
  // Properties with a comparison of their own, or without options; requests for an update that bring a value.
  [/(requestUpdate\(t,s,i),e=!1,h(\)\{if\(void 0!==t\)\{).*?return;/, '$1$2if(!f(this[t],s))return;'],
  [/(createProperty\(t,s)=b/, '$1'],
  [/static getPropertyOptions\(t\)\{[^{}]*\}/, ''],
  [/i\.getPropertyOptions\(e\)/, 'i.elementProperties.get(e)'],
  [/if\(void 0!==e&&!0===i\.reflect\)/, ''],
  // Trusted types have no part in attributes that are reflected.
  [/c=a\.trustedTypes,l=c\?c\.emptyScript:""/, 'l=""'],
  // What directives ask of parts and of their parents; `noChange`; listeners that use `this`.
  [/\bthis\.type=[12],/g, ''],
  [/constructor\((t,i,s,e,h)?\)\{super\([^()]*\),this\.type=\d\}/g, ''],
  [/,this\._\$AM=\w/g, ''],
  [/&&t!==E\b/g, ''],
  [/r===E&&\(r=this\._\$AH\[n\]\),/, ''],
  [/if\(\(t=t\?\?A\)===E\)return;/, 't??=A;'],
  [/o&&!e&&this\.j\(t\)/, 'o&&this.j(t)'],
  [/this\._\$AH\.call\(this\.options\?\.host\?\?this\.element,t\)/, 'this._$AH(t)'],
  [/,this\.options=\w/g, ''],
  [/\.u\(this\.options\)/, '.u()'],
  [/,this,this\.options\)/, ',this)'],
  [/constructor\(\)\{super\(\.\.\.arguments\),this\.renderOptions=\{host:this\},this\._\$Do=void 0\}/, ''],
  [/this\._\$Do=e\(r,this\.renderRoot,this\.renderOptions\)/, 'e(r,this.renderRoot)'],
  [/,void 0,s\?\?\{\}\)/, ')'],
  [/render\(\)\{return r\}/, ''],
  [/i\._\$litElement\$=!0,/, ''],
  [/y\.elementStyles=\[\],/, ''],
];

/** Also replaces Lit's `css-tag.js`, which supports several kinds of style sheets, with the file at `cssTag`. */
export function slimLit(cssTag: string): Plugin {
  return {
    name: 'slim-lit',
    enforce: 'pre',
    resolveId: (source) => (/\bcss-tag\.js$/.test(source) ? cssTag : null),
    transform: (code, id) =>
      /node_modules\/(@?lit)\b/.test(id)
        ? unreachable.reduce((rest, [from, to]) => rest.replace(from, to), code)
        : null,
  };
}

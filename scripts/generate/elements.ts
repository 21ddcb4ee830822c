/** Reads the two elements as data, from the docstrings of their classes and the types of their members. Everything generated about them uses this model. */
import ts from 'typescript';
import { exportsOf, membersOf, textOf, theProgram, type Member } from './program.js';

/** A name with its sentence. */
export interface Named {
  name: string;
  text: string;
}

export interface Attribute extends Named {
  boolean: boolean;
  /** The property of the class for this attribute, if there is one. */
  property: string | undefined;
}

export interface ElementModel {
  tag: string;
  className: string;
  /** From the root of the repository. */
  file: string;
  text: string;
  attributes: Attribute[];
  /** Writable fields, including those that an attribute sets. */
  properties: Member[];
  /** Read-only fields. */
  readings: Member[];
  methods: Member[];
  events: (Named & { type: string })[];
  slots: Named[];
  parts: Named[];
  cssProperties: (Named & { byDefault: string | undefined })[];
  states: Named[];
}

/** Both elements, in the order of the docs. */
export function readElements(): ElementModel[] {
  return ['VerifyContactElement', 'TwoFactorElement'].map((name) => {
    const symbol = exportsOf('src/index.ts').find((one) => one.name === name);
    if (!symbol) throw new Error(`src/index.ts exports no ${name}.`);
    return readElement(symbol);
  });
}

function readElement(symbol: ts.Symbol): ElementModel {
  const tags = symbol.getJsDocTags(theProgram().getTypeChecker()).map(({ name, text }) => ({
    kind: name,
    ...split(ts.displayPartsToString(text)),
  }));
  const of = (kind: string) => tags.filter((one) => one.kind === kind).map(({ name, text }) => ({ name, text }));
  // A page never calls what the platform calls.
  const members = allMembersOf(symbol).filter(({ name }) => !name.endsWith('Callback'));
  const fields = members.filter((one) => !one.method);
  const tag = tags.find((one) => one.kind === 'tag')?.name ?? '';
  return {
    tag,
    className: symbol.name,
    file: `src/elements/${tag}.ts`,
    text: textOf(symbol),
    attributes: tags
      .filter((one) => one.kind === 'attr')
      .map(({ name, text, type }) => {
        const property = name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
        return { name, text, boolean: type === 'boolean', property: find(fields, property) };
      }),
    properties: fields.filter((one) => !one.readonly),
    readings: fields.filter((one) => one.readonly),
    methods: members.filter((one) => one.method),
    events: of('event').map((one) => ({ ...one, type: /^`(\w+) /.exec(one.text)?.[1] ?? 'Event' })),
    slots: of('slot'),
    parts: of('csspart'),
    cssProperties: of('cssproperty').map((one) => ({ ...one, byDefault: /Default `([^`]+)`/.exec(one.text)?.[1] })),
    states: of('cssstate'),
  };
}

/** The members of the class, then those of its base class that it does not declare itself. Lit documents its own. */
function allMembersOf(symbol: ts.Symbol): Member[] {
  const checker = theProgram().getTypeChecker();
  const own = membersOf(symbol);
  const [base] = checker.getBaseTypes(checker.getDeclaredTypeOfSymbol(symbol) as ts.InterfaceType);
  if (!base || base.symbol.name === 'LitElement') return own;
  return [...own, ...allMembersOf(base.symbol).filter(({ name }) => own.every((one) => one.name !== name))];
}

const find = (fields: Member[], name: string) => fields.find((one) => one.name === name)?.name;

/** Splits a tag such as `{boolean} auto-submit - Submits a code.` into type, name and text. */
function split(tag: string): Named & { type: string | undefined } {
  const [, type, name = '', text = ''] = /^(?:\{(\w+)\} )?(\S+)(?: - ([^]*))?$/.exec(tag.trim()) ?? [];
  return { type, name, text: text.replace(/\s+/g, ' ') };
}

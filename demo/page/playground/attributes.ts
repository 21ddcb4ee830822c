/** The attributes and the custom properties of both elements, read from the generated manifest. A new one appears without a change here. */
import manifest from '../../../custom-elements.json' with { type: 'json' };
import { languages } from '../../../src/locales/index.js';

/** The two tags. */
export const tags = ['verify-contact', 'two-factor'] as const;
export type Tag = (typeof tags)[number];

/** One attribute, as the manifest describes it. */
export interface Attribute {
  name: string;
  isFlag: boolean;
  description: string;
  /** The values to choose from, if they are a fixed list. */
  choices?: readonly string[];
}

/** Attributes with personal data or secrets, which must not be part of an address. */
export const personal: readonly string[] = ['contact', 'token'];

const choices: Readonly<Record<string, readonly string[]>> = {
  lang: ['en', ...Object.keys(languages)],
  type: ['phone', 'email', 'phone email', 'email phone'],
};

/** The attributes by tag. */
export const attributes: Readonly<Record<Tag, readonly Attribute[]>> = {
  'verify-contact': read('verify-contact'),
  'two-factor': read('two-factor'),
};

/** One custom property, as the manifest describes it. Both elements have the same. */
export interface CustomProperty {
  name: string;
  description: string;
  isColor: boolean;
}

export const customProperties: readonly CustomProperty[] = (declarationOf('verify-contact')?.cssProperties ?? []).map(
  ({ name, description }) => ({ name, description, isColor: /color (of|for)/.test(description) }),
);

/** The part of the manifest's schema that this file reads. */
interface Declaration {
  kind: string;
  tagName?: string;
  cssProperties?: { name: string; description: string }[];
  attributes?: { name: string; description: string; type: { text: string } }[];
}

function declarationOf(tag: Tag): Declaration | undefined {
  const modules: { declarations: Declaration[] }[] = manifest.modules;
  return modules.flatMap(({ declarations }) => declarations).find(({ tagName }) => tagName === tag);
}

function read(tag: Tag): Attribute[] {
  return (declarationOf(tag)?.attributes ?? []).map(({ name, description, type }) => ({
    name,
    description,
    isFlag: type.text === 'boolean',
    ...(choices[name] ? { choices: choices[name] } : {}),
  }));
}

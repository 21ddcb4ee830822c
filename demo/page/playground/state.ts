/** The playground's state, and its form in an address. Pure: no DOM, no network. */
import { attributes, customProperties, personal, tags, type Tag } from './attributes.js';

/** The choices with a fixed list of values. The first value is the default. */
export const lists = {
  element: tags,
  theme: ['site', 'system', 'ledger', 'candy'],
  scheme: ['auto', 'light', 'dark'],
  policy: ['always', 'by-account', 'never'],
  account: ['ada', 'grace'],
  fault: ['none', 'landline', 'blocked', 'down', 'slow', 'expired'],
  page: ['HTML', 'React', 'Vue', 'Svelte', 'Angular', 'Solid', 'Preact'],
  server: ['Node', 'Express', 'Hono', 'Fastify', 'Next.js'],
} as const;

export type Lists = { [Name in keyof typeof lists]: (typeof lists)[Name][number] };

export interface State extends Lists {
  /** By name: a string, or true for a flag that is set. */
  attributes: Readonly<Record<string, string | true>>;
  /** Values of the custom properties, by name. */
  properties: Readonly<Record<string, string>>;
}

/** A value that cannot end its declaration, since it comes from an address and is shown as part of a style sheet. */
const isPlainValue = (value: string) => value !== '' && !/[{};<>\\@!]|\/\*/.test(value);

/** Reads the query of an address. Ignores what it does not know, so that an old link still works. */
export function readState(query: string): State {
  const parameters = new URLSearchParams(query);
  const chosen = Object.fromEntries(
    Object.entries(lists).map(([name, values]) => [
      name,
      values.find((one) => one === parameters.get(name)) ?? values[0],
    ]),
  ) as unknown as Lists;
  const set: Record<string, string | true> = {};
  for (const { name, isFlag } of attributes[chosen.element]) {
    const value = parameters.get(name);
    if (value === null || personal.includes(name)) continue;
    if (isFlag) set[name] = true;
    else if (value !== '') set[name] = value;
  }
  const properties: Record<string, string> = {};
  for (const { name } of customProperties) {
    const value = parameters.get(name);
    if (value !== null && isPlainValue(value)) properties[name] = value;
  }
  return { ...chosen, attributes: set, properties };
}

/** Writes the query that `readState` reads; empty if every choice is the default. */
export function writeState(state: State): string {
  const query = new URLSearchParams();
  for (const [name, values] of Object.entries(lists)) {
    const value = state[name as keyof Lists];
    if (value !== values[0]) query.set(name, value);
  }
  for (const [name, value] of Object.entries(state.attributes)) {
    if (!personal.includes(name)) query.set(name, value === true ? '' : value);
  }
  for (const [name, value] of Object.entries(state.properties)) if (isPlainValue(value)) query.set(name, value);
  return query.toString();
}

/** Switches to a tag, and keeps the attributes that it has too. */
export function forTag(state: State, element: Tag): State {
  const known = attributes[element].map(({ name }) => name);
  const kept = Object.entries(state.attributes).filter(([name]) => known.includes(name));
  return { ...state, element, attributes: Object.fromEntries(kept) };
}

/** The chosen custom properties as a rule; empty if there is none. */
export function propertiesRule({ properties }: State): string {
  const lines = Object.entries(properties).filter(([, value]) => isPlainValue(value));
  return lines.length === 0
    ? ''
    : `verify-contact,\ntwo-factor {\n${lines.map(([name, value]) => `  ${name}: ${value};\n`).join('')}}`;
}

/** Whether a language is written from right to left. */
export function isRightToLeft(lang: string | true | undefined): boolean {
  return typeof lang === 'string' && /^(ar|fa|he|ur)\b/.test(lang);
}

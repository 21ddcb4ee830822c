/** What is chosen in the playground, and how an address holds it. Pure: no DOM, no network. */
import { attributes, personal, tags, type Tag } from './attributes.js';

/** Everything that has a fixed list to choose from; the first is what holds where the address says nothing. */
export const lists = {
  element: tags,
  theme: ['site', 'system', 'ledger', 'candy'],
  scheme: ['auto', 'light', 'dark'],
  policy: ['always', 'by-account', 'never'],
  account: ['ada', 'grace'],
  trouble: ['none', 'landline', 'blocked', 'down', 'slow', 'expired'],
  page: ['HTML', 'React', 'Vue', 'Svelte', 'Angular', 'Solid', 'Preact'],
  server: ['Node', 'Express', 'Hono', 'Fastify', 'Next.js'],
} as const;

export type Lists = { [Name in keyof typeof lists]: (typeof lists)[Name][number] };

export interface State extends Lists {
  /** By name: a text, or true for a flag that is set. */
  attributes: Readonly<Record<string, string | true>>;
}

/** Reads an address's query. What it does not know it passes over, so that an old link still opens. */
export function readState(query: string): State {
  const asked = new URLSearchParams(query);
  const chosen = Object.fromEntries(
    Object.entries(lists).map(([name, values]) => [name, values.find((one) => one === asked.get(name)) ?? values[0]]),
  ) as unknown as Lists;
  const set: Record<string, string | true> = {};
  for (const { name, isFlag } of attributes[chosen.element]) {
    const value = asked.get(name);
    if (value === null || personal.includes(name)) continue;
    if (isFlag) set[name] = true;
    else if (value !== '') set[name] = value;
  }
  return { ...chosen, attributes: set };
}

/** The query that `readState` reads again; empty where nothing is chosen. */
export function writeState(state: State): string {
  const query = new URLSearchParams();
  for (const [name, values] of Object.entries(lists)) {
    const value = state[name as keyof Lists];
    if (value !== values[0]) query.set(name, value);
  }
  for (const [name, value] of Object.entries(state.attributes)) {
    if (!personal.includes(name)) query.set(name, value === true ? '' : value);
  }
  return query.toString();
}

/** Only what this tag has: a switch to the other one takes along what both have. */
export function forTag(state: State, element: Tag): State {
  const known = attributes[element].map(({ name }) => name);
  const kept = Object.entries(state.attributes).filter(([name]) => known.includes(name));
  return { ...state, element, attributes: Object.fromEntries(kept) };
}

/** Whether the sentences of a language run from right to left. */
export function isRightToLeft(lang: string | true | undefined): boolean {
  return typeof lang === 'string' && /^(ar|fa|he|ur)\b/.test(lang);
}

/** The languages other than English. Each is loaded when it is first needed. Contains no sentences. */
import type { Messages } from './en.js';

/**
 * By BCP 47 tag. A tag that is not listed falls back to its first subtags (`de-AT` → `de`), then to English. A tag without a
 * file of its own is listed if that fallback would give a script or a language that its readers do not read.
 */
export const languages: Readonly<Record<string, () => Promise<{ readonly default: Messages }>>> = {
  ar: () => import('./ar.js'),
  bg: () => import('./bg.js'),
  bn: () => import('./bn.js'),
  ca: () => import('./ca.js'),
  cs: () => import('./cs.js'),
  da: () => import('./da.js'),
  de: () => import('./de.js'),
  el: () => import('./el.js'),
  es: () => import('./es.js'),
  fa: () => import('./fa.js'),
  fi: () => import('./fi.js'),
  fr: () => import('./fr.js'),
  he: () => import('./he.js'),
  hi: () => import('./hi.js'),
  hr: () => import('./hr.js'),
  hu: () => import('./hu.js'),
  id: () => import('./id.js'),
  it: () => import('./it.js'),
  ja: () => import('./ja.js'),
  ko: () => import('./ko.js'),
  ms: () => import('./ms.js'),
  nb: () => import('./nb.js'),
  nl: () => import('./nl.js'),
  nn: () => import('./nb.js'),
  no: () => import('./nb.js'),
  pl: () => import('./pl.js'),
  pt: () => import('./pt.js'),
  'pt-BR': () => import('./pt-br.js'),
  ro: () => import('./ro.js'),
  ru: () => import('./ru.js'),
  sk: () => import('./sk.js'),
  sv: () => import('./sv.js'),
  th: () => import('./th.js'),
  tr: () => import('./tr.js'),
  uk: () => import('./uk.js'),
  ur: () => import('./ur.js'),
  vi: () => import('./vi.js'),
  zh: () => import('./zh.js'),
  'zh-HK': () => import('./zh-hk.js'),
  'zh-Hant': () => import('./zh-tw.js'),
  'zh-Hant-HK': () => import('./zh-hk.js'),
  'zh-Hant-MO': () => import('./zh-hk.js'),
  'zh-MO': () => import('./zh-hk.js'),
  'zh-TW': () => import('./zh-tw.js'),
};

/**
 * The sentences for a page's `lang`, and the tag by which `Intl` writes numbers in them. If the language is not available,
 * the tag is English, with its region if the page is in English. Rejects if the tag is invalid or the file cannot load.
 */
export async function load(
  requested: string,
): Promise<{ readonly lang: string; readonly messages?: Messages | undefined }> {
  const lang = Intl.getCanonicalLocales(requested)[0]!;
  let tag = lang;
  while (tag && !languages[tag]) tag = tag.slice(0, Math.max(0, tag.lastIndexOf('-')));
  const found = await languages[tag]?.();
  return { lang: found || /^en\b/.test(lang) ? lang : 'en', messages: found?.default };
}

/** The languages other than English. Each is loaded when it is first needed. Contains no sentences. */
import type { Messages } from './en.js';

/**
 * By BCP 47 tag. A tag that is not listed falls back to its first subtags (`de-AT` → `de`), then to English. A tag without a
 * file of its own is listed if that fallback would give a script or a language that its readers do not read.
 */
export const languages: Readonly<Record<string, () => Promise<{ readonly default: Messages }>>> = {
  am: () => import('./am.js'),
  ar: () => import('./ar.js'),
  az: () => import('./az.js'),
  be: () => import('./be.js'),
  bg: () => import('./bg.js'),
  bn: () => import('./bn.js'),
  ca: () => import('./ca.js'),
  cs: () => import('./cs.js'),
  da: () => import('./da.js'),
  de: () => import('./de.js'),
  el: () => import('./el.js'),
  es: () => import('./es.js'),
  'es-419': () => import('./es-419.js'),
  'es-AR': () => import('./es-419.js'),
  'es-BO': () => import('./es-419.js'),
  'es-BR': () => import('./es-419.js'),
  'es-BZ': () => import('./es-419.js'),
  'es-CL': () => import('./es-419.js'),
  'es-CO': () => import('./es-419.js'),
  'es-CR': () => import('./es-419.js'),
  'es-CU': () => import('./es-419.js'),
  'es-DO': () => import('./es-419.js'),
  'es-EC': () => import('./es-419.js'),
  'es-GT': () => import('./es-419.js'),
  'es-HN': () => import('./es-419.js'),
  'es-MX': () => import('./es-419.js'),
  'es-NI': () => import('./es-419.js'),
  'es-PA': () => import('./es-419.js'),
  'es-PE': () => import('./es-419.js'),
  'es-PR': () => import('./es-419.js'),
  'es-PY': () => import('./es-419.js'),
  'es-SV': () => import('./es-419.js'),
  'es-US': () => import('./es-419.js'),
  'es-UY': () => import('./es-419.js'),
  'es-VE': () => import('./es-419.js'),
  et: () => import('./et.js'),
  eu: () => import('./eu.js'),
  fa: () => import('./fa.js'),
  fi: () => import('./fi.js'),
  fil: () => import('./fil.js'),
  fr: () => import('./fr.js'),
  'fr-CA': () => import('./fr-ca.js'),
  gl: () => import('./gl.js'),
  gu: () => import('./gu.js'),
  he: () => import('./he.js'),
  hi: () => import('./hi.js'),
  hr: () => import('./hr.js'),
  hu: () => import('./hu.js'),
  id: () => import('./id.js'),
  is: () => import('./is.js'),
  it: () => import('./it.js'),
  ja: () => import('./ja.js'),
  ka: () => import('./ka.js'),
  kk: () => import('./kk.js'),
  ko: () => import('./ko.js'),
  lt: () => import('./lt.js'),
  lv: () => import('./lv.js'),
  mn: () => import('./mn.js'),
  mr: () => import('./mr.js'),
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
  sh: () => import('./sr-latn.js'),
  sk: () => import('./sk.js'),
  sl: () => import('./sl.js'),
  sr: () => import('./sr.js'),
  'sr-Latn': () => import('./sr-latn.js'),
  'sr-ME': () => import('./sr-latn.js'),
  sv: () => import('./sv.js'),
  sw: () => import('./sw.js'),
  ta: () => import('./ta.js'),
  te: () => import('./te.js'),
  th: () => import('./th.js'),
  tr: () => import('./tr.js'),
  uk: () => import('./uk.js'),
  ur: () => import('./ur.js'),
  uz: () => import('./uz.js'),
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
 * the tag is English, with its region if the page is in English, and `root` says that its content is in English. Rejects if
 * the tag is invalid or the file cannot load.
 */
export async function load(
  requested: string,
  root?: ShadowRoot | null,
): Promise<{ readonly lang: string; readonly messages?: Messages | undefined }> {
  const lang = Intl.getCanonicalLocales(requested)[0]!;
  let tag = lang;
  while (tag && !languages[tag]) tag = tag.slice(0, Math.max(0, tag.lastIndexOf('-')));
  const found = await languages[tag]?.();
  const isForeign = !found && !/^en\b/.test(lang);
  for (const [name, value] of [
    ['lang', 'en'],
    ['dir', 'ltr'],
  ] as const)
    if (isForeign) root?.firstElementChild?.setAttribute(name, value);
    else root?.firstElementChild?.removeAttribute(name);
  return { lang: isForeign ? 'en' : lang, messages: found?.default };
}

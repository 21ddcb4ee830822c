/** The languages of the elements: complete, well formed, and never saying that a resent code is a new one. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import english, { type MessageKey, type Messages, type Plural } from '../../../src/locales/en.js';
import { languages } from '../../../src/locales/index.js';

/** The words of a language that would say that the code is a new one. A resend delivers the same code, so no sentence may. */
const newCode: Record<string, RegExp> = {
  am: /(አዲስ|አዲሱ|አዲሱን|የድሮ|የድሮው|አሮጌ|አሮጌው|የቀድሞ|የቀድሞው|ቀዳሚ|ቀዳሚው)ን? (የማረጋገጫ )?ኮድ/,
  ar: /رمز\S* (ال)?جديد|(ال)?جديد\S* رمز|القديم|السابق/,
  az: /(yeni|köhnə|əvvəlki|öncəki) (təsdiq )?kod/i,
  be: /нов(ы|ага|аму|ым) код|стар(ы|ога|ому|ым) код|папярэдн|ранейш/i,
  bg: /нов(ия(т)?)? код|стар(ия(т)?)? код|предишн/i,
  bn: /নতুন|পুরোনো|পুরনো|আগের কোড/,
  ca: /(nou|antic|anterior) codi|codi (nou|antic|anterior)/i,
  cs: /nov(ý|ého|ém|ým) kód|star(ý|ého|ém|ým) kód|předchozí/i,
  da: /\bny(e)? kode|gamle kode|forrige/i,
  de: /neue[rnms]? Code|alte[rnms]? Code|vorherige/i,
  el: /νέο(ς|ν|υ)? κωδικ|καινούρ|παλι(ό|ά)|προηγούμεν/i,
  es: /nuevo código|código (nuevo|anterior|antiguo)|anterior código/i,
  'es-419': /nuevo código|código (nuevo|anterior|antiguo|viejo)|(anterior|antiguo|viejo) código/i,
  et: /uu(s|e|t|ele) kood|van(a|u)(le|t)? kood|eelmi|varasem/i,
  eu: /kode berri(?!ro|z)|kode zahar|(aurreko|lehengo|aurreneko) kode/i,
  fa: /کد\S* (جدید|تازه|قدیمی|قبلی)/,
  fi: /uu(si|den|tta) koodi|vanha(n|a)? koodi|aiempi|edelli/i,
  fil: /(bago(ng)?|luma(ng)?|dating|nakaraang|naunang) (verification )?code|code na (bago|luma)/i,
  fr: /nouveau code|ancien code|code précédent/i,
  'fr-CA': /nouveau code|ancien code|code (précédent|antérieur)/i,
  gl: /novo código|código (novo|anterior|antigo|vello|previo)|(anterior|antigo|vello|previo) código/i,
  gu: /(નવો|નવા|નવું|જૂનો|જૂના|અગાઉનો|અગાઉના|પાછલો|પહેલાંનો) (ચકાસણી )?કોડ/,
  he: /קוד (ה)?(חדש|ישן|קודם)/,
  hi: /(नया|नए|पुराना|पुराने|पिछला|पिछले) कोड/,
  hr: /nov(i|og|om) kôd|star(i|og|om) kôd|prethodn/i,
  hu: /új kód|régi kód|előző/i,
  id: /kode (yang )?(baru|lama|sebelumnya)(?! saja)/i,
  is: /ný(r|s|ja|jan|jum|ju|i)? kóð|nýj(a|i|ar|um) kóð|gam(all|la|lan|li|als|lir|lum) kóð|fyrri kóð/i,
  it: /nuovo codice|codice (nuovo|precedente|vecchio)|vecchio codice/i,
  ja: /新し|新規|古い|以前の|前のコード/,
  ka: /(ახალ|ძველ|წინა|ადრინდელ)ი? (დადასტურების )?კოდ/,
  kk: /(жаңа|ескі|алдыңғы|бұрынғы) (растау )?код/i,
  ko: /새(로운)? |이전 |기존 /,
  lt: /nauj(as|o|ą|u|am|ame|asis|ąjį|ojo|i|us|ų) kod|sen(as|o|ą|u|am|ame|asis|ąjį|ojo) kod|ankstesn/i,
  lv: /jaun(s|ais|u|o|a|am|i|ie|us) kod|vec(s|ais|u|o|a|am|i|ie|us) kod|iepriekšēj/i,
  mn: /(шинэ|хуучин|өмнөх) (баталгаажуулах )?код/i,
  mr: /(नवीन|नवा|नवे|नव्या|जुना|जुने|जुन्या|आधीचा|आधीच्या|मागील|मागचा|पूर्वीचा) (पडताळणी )?कोड/,
  ms: /kod (yang )?(baharu|baru(?! sahaja)|lama|sebelumnya)/i,
  nb: /\bny(e)? kode|gamle kode|forrige/i,
  nl: /nieuwe code|oude code|vorige/i,
  pl: /now(y|ego|ym) kod|star(y|ego|ym) kod|poprzedni/i,
  pt: /novo código|código (novo|anterior|antigo)|antigo código/i,
  'pt-BR': /novo código|código (novo|anterior|antigo)|antigo código/i,
  ro: /cod(ul)? (nou|vechi|anterior)|noul cod|vechiul cod/i,
  ru: /нов(ый|ого|ом|ым) код|стар(ый|ого|ом|ым) код|прежн|предыдущ/i,
  sk: /nov(ý|ého|om|ým) kód|star(ý|ého|om|ým) kód|predchádza/i,
  sl: /nov(a|e|i|o) kod|star(a|e|i|o) kod|prejšnj/i,
  sr: /нов(и|ог|ом|им) код|стар(и|ог|ом|им) код|претходн/i,
  'sr-Latn': /nov(i|og|om|im) kod|star(i|og|om|im) kod|prethodn/i,
  sv: /\bny(a)? kod|gamla kod|föregående/i,
  sw: /msimbo (mpya|wa zamani|wa awali|wa kwanza|uliotangulia)|misimbo (mipya|ya zamani)/i,
  ta: /(புதிய|பழைய|முந்தைய) (சரிபார்ப்புக் )?குறியீ/,
  te: /(కొత్త|పాత|మునుపటి|ముందటి) (ధ్రువీకరణ )?కోడ/,
  th: /ใหม่|เก่า|ก่อนหน้า/,
  tr: /yeni(?!den)|eski kod|önceki/i,
  uk: /нов(ий|ого|ому|им) код|стар(ий|ого|ому|им) код|попередн/i,
  ur: /(نیا|نئے|پرانا|پرانے|پچھلا|پچھلے) کوڈ/,
  uz: /(yangi|eski|oldingi|avvalgi) (tasdiqlash )?kod/i,
  vi: /mã (mới|cũ|trước)/i,
  zh: /新(的)?(验证)?码|(旧|之前)的?(验证)?码/,
  'zh-HK': /新(的)?(驗證)?碼|(舊|之前)的?(驗證)?碼/,
  'zh-TW': /新(的)?(驗證)?碼|(舊|之前)的?(驗證)?碼/,
};

/** Where a language uses the English word. */
const sameAsEnglish: Record<string, readonly MessageKey[]> = {
  de: ['code-label'],
  fr: ['code-label'],
  nl: ['code-label'],
};

const labels: readonly MessageKey[] = ['phone-label', 'email-label', 'country-label', 'code-label'];
const buttons = (Object.keys(english) as MessageKey[]).filter((key) =>
  /^(send-code|go-back|use-|submit-code|resend-code|change-|switch-|try-again)/.test(key),
);

/** A button that asks. Thai has no question mark, and Greek writes it as a semicolon. */
const question: MessageKey = 'did-you-mean';
const questionEnds: Record<string, RegExp> = { ar: /؟$/, el: /;$/, fa: /؟$/, th: /ไหม$/, ur: /؟$/, ja: /？$/ };

/** How a sentence ends, where it is not with a full stop. Thai has none: the next sentence follows after a space. */
const ends: Record<string, RegExp> = {
  am: /[።…]$/,
  bn: /[।…]$/,
  hi: /[।…]$/,
  ja: /[。…]$/,
  th: /[^.。।]$/,
  ur: /[۔…]$/,
  zh: /[。…]$/,
  'zh-HK': /[。…]$/,
  'zh-TW': /[。…]$/,
};

const scripts: Record<string, string[]> = {
  Hans: ['Han'],
  Hant: ['Han'],
  Jpan: ['Han', 'Hiragana', 'Katakana'],
  Kore: ['Hangul'],
};

const files = readdirSync(new URL('../../../src/locales', import.meta.url))
  .map((file) => file.replace(/\.ts$/, ''))
  .filter((name) => name !== 'en' && name !== 'index');
const tags = files.map((name) => Intl.getCanonicalLocales(name)[0] ?? '');
const texts = await Promise.all(tags.map(async (tag) => [tag, await load(tag)] as const));

async function load(tag: string): Promise<Messages> {
  const language = languages[tag];
  if (!language) throw new Error(`The languages do not list ${tag}, though it has a file.`);
  return (await language()).default;
}

/** Every form of every sentence, with its key and, for a plural, its category. */
function forms(messages: Messages): { key: MessageKey; category?: Intl.LDMLPluralRule; text: string }[] {
  return (Object.entries(messages) as [MessageKey, string | Plural][]).flatMap(([key, value]) => {
    if (typeof value === 'string') return [{ key, text: value }];
    const categories = Object.entries(value) as [Intl.LDMLPluralRule, string][];
    return categories.map(([category, text]) => ({ key, category, text }));
  });
}

function placeholders(value: string | Plural): string[] {
  return (typeof value === 'string' ? value : value.other).match(/\{.*?\}/g)?.sort() ?? [];
}

/** The whole numbers, of a thousand, that take this form. */
function numbersOf(tag: string, category: Intl.LDMLPluralRule): number[] {
  const rules = new Intl.PluralRules(tag);
  return Array.from({ length: 1001 }, (_, n) => n).filter((n) => rules.select(n) === category);
}

function against(messages: Messages, wrong: (text: string, key: MessageKey) => boolean): string[] {
  return forms(messages)
    .filter(({ key, text }) => wrong(text, key))
    .map(({ key, text }) => `${key}: ${text}`);
}

describe('the languages', () => {
  it('are at least 60 with English, Arabic, Hebrew, Persian and Urdu among them', () => {
    expect(files.length + 1).toBeGreaterThanOrEqual(60);
    expect(tags).toEqual(expect.arrayContaining(['ar', 'he', 'fa', 'ur']));
  });

  it('each have one file, named by the tag in lower case', () => {
    expect(files).toEqual(tags.map((tag) => tag.toLowerCase()));
    expect(tags.filter((tag) => !Intl.PluralRules.supportedLocalesOf(tag).includes(tag))).toEqual([]);
  });

  it('each have a pattern for what a resend must not say', () => {
    expect(Object.keys(newCode).sort()).toEqual([...tags].sort());
    expect(newCode.de).toSatisfy((pattern: RegExp) => pattern.test('Wir haben einen neuen Code gesendet.'));
    expect(newCode.zh).toSatisfy(
      (pattern: RegExp) => pattern.test('新验证码已发送。') && !pattern.test('重新发送验证码'),
    );
  });

  it('do not say it in English either', () => {
    expect(against(english, (text) => /\b(new|old|previous|another|earlier) code/i.test(text))).toEqual([]);
  });

  it('give those who read traditional Chinese no simplified characters, no Norwegian English, and Mexicans the Spanish of Latin America', async () => {
    const languageOf = async (tag: string) => {
      const parts = tag.split('-');
      while (parts.length && !languages[parts.join('-')]) parts.pop();
      return (await load(parts.join('-')))['phone-hint'];
    };
    const taiwan = (await load('zh-TW'))['phone-hint'];
    const hongKong = (await load('zh-HK'))['phone-hint'];
    const mainland = (await load('zh'))['phone-hint'];
    const bokmål = (await load('nb'))['phone-hint'];
    const latinAmerica = (await load('es-419'))['phone-hint'];
    const montenegro = (await load('sr-Latn'))['phone-hint'];
    expect(await Promise.all(['es-MX', 'es-AR', 'es-US'].map(languageOf))).toEqual(Array(3).fill(latinAmerica));
    expect(await Promise.all(['sr-ME', 'sh', 'sr-Latn-RS'].map(languageOf))).toEqual(Array(3).fill(montenegro));
    expect(await Promise.all(['zh-Hant', 'zh-Hant-TW', 'zh-TW'].map(languageOf))).toEqual(Array(3).fill(taiwan));
    expect(await Promise.all(['zh-MO', 'zh-Hant-HK', 'zh-Hant-MO'].map(languageOf))).toEqual(Array(3).fill(hongKong));
    expect(await Promise.all(['zh-CN', 'zh-Hans-HK', 'zh-SG'].map(languageOf))).toEqual(Array(3).fill(mainland));
    expect(await Promise.all(['no', 'nn-NO', 'nb-NO'].map(languageOf))).toEqual(Array(3).fill(bokmål));
  });
});

describe.each(texts)('%s', (tag, messages) => {
  it('was read back into English, sentence by sentence', () => {
    const file = new URL(`../../../scripts/languages/readings/${tag.toLowerCase()}.json`, import.meta.url);
    const reading = JSON.parse(readFileSync(file, 'utf8')) as Messages;
    const shapeOf = (language: Messages) =>
      Object.fromEntries((Object.keys(english) as MessageKey[]).map((key) => [key, placeholders(language[key])]));
    expect(Object.keys(reading)).toEqual(Object.keys(english));
    expect(shapeOf(reading)).toEqual(shapeOf(english));
  });

  it('has every sentence and no other', () => {
    expect(Object.keys(messages)).toEqual(Object.keys(english));
    expect(against(messages, (text) => text.trim() === '')).toEqual([]);
  });

  it('has every placeholder of a sentence and no other', () => {
    const keys = Object.keys(english) as MessageKey[];
    const of = (language: Messages) => Object.fromEntries(keys.map((key) => [key, placeholders(language[key])]));
    expect(of(messages)).toEqual(of(english));
  });

  it('has exactly the plural forms of its grammar', () => {
    const categories = new Intl.PluralRules(tag).resolvedOptions().pluralCategories;
    const plurals = Object.values<string | Plural>(messages).filter((value) => typeof value !== 'string');
    expect(plurals).toHaveLength(2);
    for (const plural of plurals) expect(Object.keys(plural).sort()).toEqual([...categories].sort());
  });

  it('says how many it counts, in a form that may leave the number out only where it stands for one number', () => {
    const rules = new Intl.PluralRules(tag);
    for (const key of ['malformed-code', 'tries-left'] as const) {
      const plural = messages[key];
      for (const n of [0, 1, 2, 3, 5, 11, 21, 100, 101, 102]) {
        const category = rules.select(n);
        const form = plural[category] ?? '';
        const written = form.replaceAll('{n}', new Intl.NumberFormat(tag).format(n));
        expect(written).not.toMatch(/[{}]/);
        if (!form.includes('{n}')) expect([form, numbersOf(tag, category)]).toEqual([form, [n]]);
      }
    }
  });

  it('reads on through the phrase of time that Intl makes', () => {
    const format = new Intl.RelativeTimeFormat(tag);
    const phrases = [format.format(28, 'second'), format.format(5, 'minute'), format.format(1, 'hour')];
    const written = (['resend-wait', 'retry-wait', 'code-expires'] as const).flatMap((key) =>
      phrases.map((phrase) => messages[key].replace('{when}', phrase)),
    );
    expect(written.filter((text) => /(?<!\p{L})(\p{L}+) \1(?!\p{L})/u.test(text))).toEqual([]);
  });

  it('has no English sentence left over', () => {
    const left = against(messages, (text, key) => text === english[key] && !sameAsEnglish[tag]?.includes(key));
    expect(left).toEqual([]);
    const words = /\b(the|please|your|cannot|enter|again|check|number|address)\b/i;
    expect(against(messages, (text) => words.test(text))).toEqual([]);
  });

  it('is written in its own letters', () => {
    const script = new Intl.Locale(tag).maximize().script ?? 'Latn';
    const own = (scripts[script] ?? [script]).map((name) => `\\p{Script=${name}}`).join('');
    const foreign = new RegExp(`[^\\P{L}${own}ー]`, 'u');
    const common = /\{\w+\}|name@example\.com|WhatsApp|SMS|(?<!\p{L})email/gu;
    expect(against(messages, (text) => foreign.test(text.replace(common, '')))).toEqual([]);
    const other = { Hans: /[發驗證碼號電郵請輸傳網絡]/, Hant: /[发验证码号电邮请输传网络]/ }[script];
    expect(other ? against(messages, (text) => other.test(text)) : []).toEqual([]);
  });

  it('has nothing invisible but the no-break space, and in Persian the joint that its spelling needs', () => {
    const hidden = tag === 'fa' ? /[\p{Cc}\p{Zl}\p{Zp}]|(?!\u200c)\p{Cf}/u : /[\p{Cc}\p{Zl}\p{Zp}\p{Cf}]/u;
    expect(against(messages, (text) => hidden.test(text))).toEqual([]);
    expect(against(messages, (text) => text !== text.normalize('NFC'))).toEqual([]);
    expect(against(messages, (text) => /^\s|\s$|\s\s|['"]|\.\.\./.test(text))).toEqual([]);
  });

  it('never says that a resent code is a new one', () => {
    expect(against(messages, (text) => newCode[tag]?.test(text) ?? true)).toEqual([]);
  });

  it('has buttons that fit in 320 px', () => {
    const letters = new Intl.Segmenter(tag);
    expect(against(messages, (text, key) => buttons.includes(key) && [...letters.segment(text)].length > 30)).toEqual(
      [],
    );
  });

  it('ends its sentences, but not its labels and buttons', () => {
    const end = ends[tag] ?? /[.…]$/;
    const short = [...labels, ...buttons, question];
    expect(messages[question]).toMatch(questionEnds[tag] ?? (tag.startsWith('zh') ? /？$/ : /\?$/));
    expect(against(messages, (text, key) => !short.includes(key) && !end.test(text))).toEqual([]);
    expect(against(messages, (text, key) => short.includes(key) && /[.…。।۔:!]$/.test(text))).toEqual([]);
  });

  it('shows the same example of an address', () => {
    expect(messages['invalid-contact-email']).toContain('name@example.com');
  });
});

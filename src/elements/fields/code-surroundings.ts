/** Judges a run of digits by what stands around it in a message: a word for "code", or what makes it an amount, a reference or a phone number. Pure: no DOM. */

/** What is never the code beside another one, whatever word stands before it. Every repetition is bounded, so that no text takes long. */
const spans = [
  // Links and addresses: `t.me/48291`.
  /(?<![!-~])[!-~]{0,64}?(?::\/\/|www\.|[a-z]\.[a-z]{2,20}\/|@[a-z])[!-~]*/g,
  // Phone numbers: `+1 415 555 2671`, `(415) 555-2671`, `0800 123456`.
  /\+\d[\d ().-]{5,16}\d(?!\d)|(?<!\d)\(?\d{3}\)?[ -]\d{3}-\d{4}(?!\d)/g,
  /(?<![\d-])\(?0(?=(?:[ ()/-]{0,2}\d){8})\d{1,4}\)?(?:[ /-]\d{2,8}){1,4}(?!\d)|(?<!\d)1800(?: \d{3}){2}(?!\d)/g,
  // Times, dates, years, and numbers with a point or comma: `14:03`, `27.11.2026`, `2026-11-27`, `2024-2026`, `1,250.00`.
  /(?<!\d)\d{4}-\d\d-\d\d(?!\d)|(?<!\d)\d\d?-\d\d?-\d{4}(?!\d)|(?:19|20)\d\d ?[年년]|(?<!\d)(?:19|20)\d\d ?- ?(?:19|20)\d\d(?!\d)/g,
  /(?:©|\(c\)|copyright) ?\d{4}/gi,
  /(?<!\d)\d\d?(?:\.|st|nd|rd|th)? (?:(?:de|of) )?(?!min|sec|sek|seg|мин|сек|хв|phút|perc|hour|std)(?:\p{L}{3,20},?|\p{L}{3,5}\.) (?:de )?(?:19|20)\d\d(?!\d)/giu,
  /\p{L}{3}\.? \d\d?(?:st|nd|rd|th)?, (?:19|20)\d\d(?!\d)/giu,
  /(?<!\d)\d+(?:[.,:/'’٫٬]\d+)+/g,
];

/** Before "code", what makes it another one: that of a place, a shop, an order. */
const other =
  '(?:zip|post(?:al|a)?|promo|coupon|discount|voucher|gift|order|booking|country|area|bar|qr|sort|merchant|(?<!re)store|product|item|branch|short|track(?:ing)?|ref(?:eren(?:ce|z)|erral)?|invit(?:e|ation)|' +
  '(?:custom|deal|suppli)er|client|kunden|filial|artikel|produkt|gutschein|rabatt|händler|referentie|klant|filiaal|winkel|kortings|müşteri|mağaza|şube|ürün|indirim|davet|промо|郵便|店舗|支店|銀行|商品|招待|상품|지점|초대|추천|고객|客様)[ -]?|' +
  '四|优惠|優惠|订单|[条條编編号號]|邀请|邀請|推荐|推薦|(?:店铺|店鋪|商户|商戶|商品|产品|產品|银行|銀行|网点)代';
/** Words for "code" in many languages, also in longer words, and not those of `other`. */
const word =
  `(?<!${other})` +
  '(?:c[oó]d(?:e|i|ul)|k[oóô]{1,2}[dð]|passwor[dt]|parol|şifr[eə]|hasło|heslo|geslo|lozink|slaptažod|salasan|jelszó|wachtwoord|lösenord|senha|contraseña|clave|token|(?<!\\p{L})(?:(?:pin|otp|tan|mã|passe|pw)(?!\\p{L}{3})|(?:tac|nip|ch?[oóô]d)(?!\\p{L}))|(?:sms|push|mobile)-?tan|msimbo|' +
  'код|парол|лозинк|құпия ?сөз|пин(?!\\p{L})|κωδικ|קוד|סיסמ|رمز|كود|کد|کوڈ|कोड|ओटीपी|पिन|কোড|ওটিপি|ਕੋਡ|કોડ|குறியீ|కోడ్|ಕೋಡ್|കോഡ്|කේත|รหัส|码|碼|コード|(?:認証|確認|暗証)番号|(?:인증|확인)번호|코드|კოდ|կոդ|ኮ[ድዱ]|លេខកូដ|ລະຫັດ|ကုဒ်)' +
  '(?!\\p{L}{0,4} ?(?:postal|promo|client|klient|pays|toko|клиент|магазин|филиал|d[ei]l? (?:la )?(?:sucursal|tienda|comercio|client)|(?:gd|kh|sp)(?!\\p{L})|giao dịch|khách|đơn|vận|sản|bưu|giảm))';
const copula =
  '(?:is|are|ist|lautet|est|es|[eéè]|jest|je|este|är|er|adalah|ialah|là|هو|ہے|है|είναι|は|为|為|是|คือ|은|는)';

/** Directly behind the word: `OTP-482913`, `Code: 482913`, `PIN #4829`, `kodunuz 4829`, `code is 4829`. */
const join = `\\p{L}{0,14}(?: (?:no|nr|number)\\.?)?(?: ?:| {0,2}${copula}(?=[ :\\d*]|$))?(?:[ :#=*_~"'«“”‘„\\[{<>-]|\\.{1,3}(?! )){0,5}$`;
const directly = RegExp(word + join, 'iu');
/** A code of another kind: `Sort code 204060`. */
const otherwise = RegExp(`(?<!\\p{L})(?:${other})(?:[ck]od|код|コード|코드|码|碼)${join}`, 'iu');
/** Perhaps a code of another kind, perhaps a company's: `Bank code 204060`, `Acme code 482913`. */
const qualified = RegExp(
  '(?<![\\p{L}-]|your (?!bank)|dein |ihr )(?!secur|verif|valid|pass|one|once|single|time|login|log-?in|sign|confirm|access|auth|activ|unlock|reset|recover|backup|regist|digit|secret|private|person|temp|your|this|that|votre|with|enter|using|follow|numeric|pair|' +
    `pickup|deliver|sicher|best[äa]t|zugang|anmeld|einmal|freisch|aktiv|prüf|abhol|zahlen|dein|ihre|neue|nouveau|beve|inlog|toegang|contr|eenmal|deze|jouw|je )\\p{L}{4,20}[ -]?code${join}`,
  'iu',
);
/** What says that a code is dead, before it: `Your old code 112209`, `ignore 112209`. Not if a new one is spoken of in between. */
const dead = RegExp(
  "(?:(?<!\\p{L})(?:old (?!navy)|previous|former|earlier|expired(?= (?:code|pass|pin|otp))|ignor|disregard|discard|(?:not|don[’']t|never) use|alte[nrs]?(?!\\p{L})|vorherig|bisherig|früher|abgelaufene|antig|anterior|no us[ea]|no utili|ancien|précéd|" +
    'utilise[zr]? p|vecchi|precedent|non us|não us|oude?(?!\\p{L})|vorig|star[yý](?!\\p{L})|poprzedn|eski(?!\\p{L})|önceki|стар(?:ый|ого)|предыдущ|прежн|не использ|не ввод|(?:про)?игнор|lama(?!\\p{L}))|sebelumnya|古い|以前の|(?<!名)前の|[旧舊](?=[的验驗码碼密])|之前的|이전(?= ?(?:인증|확인|코드))|القديم|السابق|पुरान)' +
    '(?:(?!new|neu|nue|nou?v|nuo|нов|新|새| (?:if|si|se|wenn|falls|если|use|enter|-) )[^\\d.!?;:,。、\\n]){0,30}[:#*("“ ]{0,3}$',
  'iu',
);
/** The same, behind it: `112209 has expired`. What is to come, such as `expires`, does not say it. */
const deadBehind = RegExp(
  "^(?:(?! (?:if|si|wenn) )[^\\d.!?;:,。、\\n]){0,16}?(?:expired|invalid|no longer|not valid|(?<!\\p{L})void|replaced|cancel+ed|revoked|abgelaufen|ungültig|nicht mehr g|(?<!^ )ersetzt|durch \\d|caduc(?:ad|ó)|ya no (?:es|sir|val|fun)|venci(?:d|ó)|expir(?:ad|é|ou|ó)|[’']est plus|scadut|non è più|" +
    'não é (?:mais|vál)|inválid|is verlopen|ongeldig|wygasł|nieważn|süresi dol[dm]u|geçersiz|ист[её]к|больше не дейст|недейств|устарел|просроч|аннул|無効|期限切れ|失効し|使えません|已(?:过期|過期|失效|作废|作廢)|만료[됐되된]|انتهت|منته)',
  'iu',
);
/** Behind the word and a colon or "is": `Your code for Acme is 482913`. */
const announced = RegExp(`${word}[^\\d.!?;。]{0,60}?(?:[:=]| ${copula})\\s{0,3}[*_"'«“„\\[(]?$`, 'iu');
/** In front of what names it: `482913 is your code`. */
const said = RegExp(`^[^ \\p{L}\\d.!?;]? ${copula} `, 'iu');
const behind = RegExp(`${word}[^\\d.!?;。\\n]{0,40}$`, 'iu');
const before = RegExp(`^[^\\d.!?;:,。、，\\n]{0,40}?${word}`, 'iu');

const currency =
  '\\p{Sc}|(?<!\\p{L})(?:A[EU]D|ARS|BDT|BGN|BRL|CAD|CHF|CLP|CNY|COP|CZK|DKK|DZD|EGP|EUR|GBP|GEL|GHS|HKD|HUF|IDR|ILS|INR|IQD|IRR|JPY|K[EW]S|KRW|KWD|KZT|LKR|MAD|MXN|MYR|NGN|NOK|NPR|NTD?|NZD|PEN|PHP|PKR|PLN|QAR|RMB|RON|RSD|RUB|SAR|SEK|SGD|THB|TND|TRY|TWD|TZS|UAH|UGX|USD|UZS|VND|XAF|XOF|ZAR|' +
  '[Rr][Ss]|[Rr]p|RM|K[Ss]h|Tk|Fr|[Kk][Rr]|eur|usd|inr|Eur|Usd|Inr)';
/** Other words for money, and units of what is counted and is not the code. */
const worth =
  "(?:TL|Ft|Kč|lei|đ|đồng|vnđ|rand|yen|тг|сум|сом|лв|ден|дин|km|GB|MB|kg|min|sec|sek|seg|days?|tage?|r\\.|р\\.)(?![\\p{L}’'])|" +
  '(?:zł|euro|dollar|pound|rupe|rupiah|ringgit|peso|reais|naira|baht|koron|kron[aeo]|lira|forint|руб|грн|тенге|сомов|ευρώ|ש"ח|रुपये|टका|টাকা)|' +
  '円|元|块|원|만원|บาท|ریال|تومان|روپے|درهم|ريال|جنيه|دينار|' +
  '%|second|sekund|segund|сек|minut|мин|хв|dakika|phút|punkt|point|punto|балл|分|秒|분|นาที|دقيقة|دقیقه|मिनट';
const amountBehind = RegExp(`(?<!\\d ?)(?:${currency})[.:]? ?$`, 'u');
const amountBefore = RegExp(`^ ?(?:${currency})(?![\\p{Lu}\\p{Ll}])(?!\\.? ?\\d)`, 'u');
const worthBefore = RegExp(`^ ?(?:${worth})(?!\\.? ?\\d)`, 'iu');

/** Words before numbers of orders, accounts, cards and phones. */
const reference = RegExp(
  '(?:(?<!\\p{L})(?:ref(?:[eé]r\\p{L}{1,8}|nr)?(?!\\p{L})|order|bestell|auftrag|rechnung|inv(?:oice)?(?!\\p{L})|commande|facture|pedido|factura|fatura|ordine|fattura|zam[oó]wieni|faktur|objedn|tilau|ordre|' +
    'beställning|заказ|замовлен|сч[её]т|рахун|transa[ck]|transfer|pesanan|txn|trx|booking|buchung|ticket|case|claim|track|parcel|paket|colis|paczk|sending|sendung|shipment|acc(?:oun)?t(?!\\p{L})|a/c|' +
    'konto|compte|cuenta|conta(?!\\p{L})|hesap|sipariş|policy|flight|flug|vol(?!\\p{L})|reserv|réserv|filial|branch|meter|room|customer|client|kunden|card|kart|carte|tarjeta|cartão|carta|карт|kort|' +
    '(?:call|tel|dial|rufen|ruf)(?!\\p{L})|telef|télé|phone|hotline|fax|звон|тел|llam|appel|anruf|đơn|(?:stop|stopp|help) (?:to|an|au|al)|' +
    'end(?:ing|s|end|et)(?: (?:in|with|auf|mit))?|endziff|(?:finissant|termin|se terminant)\\p{L}{0,6} (?:par|en|em|con)|кінч|оканч)|' +
    'طلب|سفارش|حساب|بطاقة|کارت|订单|訂單|单号|單號|尾号|尾號|末尾|末[四4]?位|下4桁|卡号|注文|주문|카드|끝자리|บัตร|บัญชี|ซื้อ)' +
    '\\p{L}{0,14}\\.?(?: (?:no|nr|id|num|number|n))?(?:[ :.#°-]{0,3})(?:(?<=[ :#])\\p{Lu}{1,4}[-/.])?$',
  'iu',
);
/** Joined to letters or signs: `X103344`, `INV/103344`, `#771204`, `n°771204`, `*4829`. */
const joinedBehind =
  /[\p{Lu}\p{Ll}]_?$|\p{L}{3,20}-$|\p{L}{2,20}[/.]$|(?<!\p{L})(?:n[°o]\.?|nr\.?|no\.) ?$|# ?$|\.\.$|[*•x]-?$/iu;
const joinedBefore = /^_?[\p{Lu}\p{Ll}]|^-\p{Lu}(?!\p{L})/u;

/** The text with `;` for each digit of a date, a link, a phone number or a decimal. */
export function maskDigits(text: string): string {
  return spans.reduce((rest, span) => rest.replace(span, (match) => match.replace(/\d/g, ';')), text);
}

/**
 * How sure it is that the digits from `start` to `end` are the code: a number to compare with that of other digits. Only a
 * few characters on both sides are read, so that no text takes long. `masked` is the text from `maskDigits`.
 */
export function rankDigits(text: string, masked: string, start: number, end: number): number {
  // In capitals it is cash on delivery, not Romanian for a code.
  const left = text.slice(Math.max(0, start - 100), start).replace(/COD(?!\p{L})|Cape Cod/gu, '---');
  const right = text.slice(end, end + 80);
  if (masked.slice(start, end) !== text.slice(start, end)) return 0;
  const rank = rankLabels(left, right);
  if (rank > 1.5 && (otherwise.test(left) || dead.test(left) || deadBehind.test(right))) return 1.5;
  return rank > 4.2 && qualified.test(left) ? 4.2 : rank;
}

function rankLabels(left: string, right: string): number {
  const isAmount = amountBehind.test(left) || amountBefore.test(right) || worthBefore.test(right);
  if (directly.test(left) && !isAmount && !joinedBefore.test(right)) return 5;
  const isBold = /[*_~]$/.test(left) && /^[*_~]/.test(right);
  const isJoined = !isBold && (joinedBehind.test(left) || joinedBefore.test(right));
  const isNamed = behind.test(left) || before.test(right);
  if (isAmount || isJoined || reference.test(left)) return isNamed ? 2 : 1;
  if (announced.test(left)) return 5;
  return isNamed ? (before.test(right) && said.test(right) ? 4.5 : 4) : 3;
}

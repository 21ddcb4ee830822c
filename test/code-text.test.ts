/** What a person pastes, dictates or has filled in, and the code that is found in it. Not the field itself, which is tested in a browser. */
import { describe, expect, test } from 'vitest';
import { codeText, plainText } from '../src/elements/code-text.js';

describe('the code is found in what was pasted', () => {
  test.each([
    '123456',
    ' 123456\n',
    '123-456',
    '123 456',
    '12 34 56',
    '1 2 3 4 5 6',
    '123\u00a0456',
    '123\u2011456',
    '123–456',
    '\u200e123456\u200f',
    '123\u00ad456',
    'G-123456',
    'Your code is 123456',
    'Acme 24: your code is 123-456, valid 10 min',
    '123 456 10 min',
    '123456 is your Acme code. Ref 99887766',
    'Order 445566 is on its way.\n@example.com #123456',
    'Call 415-555-2671 for help. Code 123456.',
    'Your Acme verification code is: 123456. Don’t share this code with anyone.',
    '<#> 123456 is your code FA+9qCX9VSu',
    '[Acme] 123456 est votre code, valable 10 minutes',
    '【Acme】验证码:123456，10分钟内有效',
    '١٢٣٤٥٦',
    '۱۲۳۴۵۶',
    'رمز التحقق الخاص بك هو ١٢٣٤٥٦',
    '१२३४५६',
    '১২৩৪৫৬',
    '１２３４５６',
    '１２３－４５６',
    '𝟏𝟐𝟑𝟒𝟓𝟔',
  ])('%j', (text) => {
    expect(codeText(text, 6)).toBe('123456');
  });

  test('a code of four or eight digits is found as well', () => {
    expect(codeText('Acme 24: your PIN is 1234, valid 10 min', 4)).toBe('1234');
    expect(codeText('Code 1234 5678', 8)).toBe('12345678');
  });
});

/** In the manner of well-known senders, from memory; the codes are made up. */
const wordings: readonly (readonly [sender: string, text: string, code: string])[] = [
  ['Google', 'G-482913 is your Google verification code.', '482913'],
  [
    'Google, not to be shared',
    'G-482913 is your Google verification code. Don’t share your code with anyone.',
    '482913',
  ],
  ['Google in German', 'G-482913 ist dein Google-Bestätigungscode.', '482913'],
  ['Google in French', 'G-482913 est votre code de validation Google.', '482913'],
  ['Google in Spanish', 'G-482913 es tu código de verificación de Google.', '482913'],
  ['Google in Japanese', 'G-482913 が Google 確認コードです。', '482913'],
  ['WhatsApp', 'Your WhatsApp code: 482-913\n\nDon’t share this code with others', '482913'],
  [
    'WhatsApp with a link',
    'Your WhatsApp code: 482-913\nYou can also tap on this link to verify your phone: v.whatsapp.com/482913\nDon’t share this code with others\n4sgLq1p5sV6',
    '482913',
  ],
  ['WhatsApp Business', '482913 is your WhatsApp Business code. Do not share it.', '482913'],
  ['WhatsApp in Portuguese', 'Seu código do WhatsApp: 482-913\nNão o compartilhe com ninguém', '482913'],
  ['WhatsApp in Arabic', 'كود واتساب الخاص بك: ٤٨٢-٩١٣', '482913'],
  ['Microsoft', 'Use verification code 482913 for Microsoft authentication.', '482913'],
  ['Microsoft account', 'Microsoft account security code: 4829137', '4829137'],
  ['Microsoft, access', 'Use 4829 as Microsoft account security code', '4829'],
  ['Microsoft in French', 'Utilisez 482913 comme code de vérification Microsoft', '482913'],
  ['Apple', 'Your Apple ID Code is: 482913. Don’t share it with anyone.', '482913'],
  [
    'Apple, bound',
    'Your Apple Account code is: 482913. Don’t share it with anyone.\n\n@apple.com #482913 %apple.com',
    '482913',
  ],
  ['Apple in German', 'Dein Apple-ID-Code lautet: 482913. Teile ihn mit niemandem.', '482913'],
  ['Amazon', '482913 is your Amazon OTP. Do not share it with anyone.', '482913'],
  ['Amazon, security code', '482913 is your Amazon security code.', '482913'],
  ['Amazon in Italian', '482913 è il tuo codice di verifica Amazon. Non condividerlo con nessuno.', '482913'],
  ['Amazon in Hindi', '482913 आपका Amazon OTP है। इसे किसी के साथ साझा न करें।', '482913'],
  ['PayPal', 'PayPal: 482913 is your security code. Don’t share your code.', '482913'],
  [
    'PayPal with its life',
    'PayPal: Your security code is 482913. It expires in 10 minutes. Don’t share this code with anyone.',
    '482913',
  ],
  [
    'PayPal in German',
    'PayPal: Ihr Sicherheitscode lautet 482913. Ihr Code läuft in 5 Minuten ab. Bitte nicht antworten.',
    '482913',
  ],
  ['Uber', 'Your Uber code is 4829. Never share this code. Reply STOP ALL to unsubscribe.', '4829'],
  ['Uber, hashed', '<#> Your Uber code is 4829. Never share this code. qlRnn4A1sbt', '4829'],
  ['Uber in Spanish', 'Tu código de Uber es 4829. Nunca compartas este código.', '4829'],
  ['Telegram', 'Telegram code: 48291\n\nYou can also tap on this link to log in:\nhttps://t.me/login/48291', '48291'],
  [
    'Telegram, in the app',
    'Login code: 48291. Do not give this code to anyone, even if they say they are from Telegram!',
    '48291',
  ],
  ['Telegram in Russian', 'Код для входа в Telegram: 48291. Не давайте код никому.', '48291'],
  ['Signal', 'SIGNAL: Your code is: 482913\n\ndoDiFGKPO1r', '482913'],
  ['Signal, dashed', 'Your Signal verification code: 482-913', '482913'],
  ['Signal in Ukrainian', 'Ваш код підтвердження Signal: 482-913', '482913'],
  ['Facebook', '48291370 is your Facebook code', '48291370'],
  ['Facebook, confirmation', 'FB-48291 is your Facebook confirmation code', '48291'],
  ['Instagram', '482 913 is your Instagram code. Don’t share it.', '482913'],
  ['Instagram in Turkish', '482 913 Instagram kodun. Kodunu paylaşma.', '482913'],
  [
    'TikTok',
    '[TikTok] 482913 is your verification code, valid for 5 minutes. To keep your account safe, never forward this code.',
    '482913',
  ],
  ['X', 'Your X confirmation code is 482913. Don’t reply to this message with your code.', '482913'],
  ['LinkedIn', 'Your LinkedIn verification code is 482913.', '482913'],
  ['GitHub', '482913 is your GitHub authentication code.\n\n@github.com #482913', '482913'],
  ['Twilio Verify', 'Your Acme verification code is: 482913', '482913'],
  ['Twilio Verify in Chinese', '您的 Acme 验证码是:482913', '482913'],
  [
    'Stripe',
    'Your Stripe verification code is: 482-913. Don’t share this code with anyone; our employees will never ask for the code.',
    '482913',
  ],
  ['Airbnb', 'Your Airbnb verification code is: 482913. Don’t share this code with anyone.', '482913'],
  ['Discord', 'Your Discord security code is: 482913', '482913'],
  ['Snapchat', 'Snapchat Code: 482913. Do not share it or use it elsewhere!', '482913'],
  ['Netflix', 'Your Netflix verification code is 482913', '482913'],
  ['Steam', '48291 is your Steam verification code', '48291'],
  ['WeChat', '【WeChat】Your WeChat verification code is 482913.', '482913'],
  ['Alibaba', '【阿里巴巴】验证码482913，您正在登录，5分钟内有效，请勿泄露。', '482913'],
  ['LINE', '[LINE] 482913 is your LINE verification code. Do not share it.', '482913'],
  ['KakaoTalk', '[카카오] 인증번호 482913 을 입력해 주세요.', '482913'],
  [
    'A bank',
    'Your bank: never share this code, not even with us. Code 482913 to pay 39.90 EUR at SHOP 12 with card ending 1234.',
    '482913',
  ],
  ['A bank, amount first', 'OTP for INR 2,499.00 on card XX1234 is 482913. Valid for 10 mins.', '482913'],
  [
    'A bank in German',
    'Die mobileTAN für Ihre Überweisung über 1.250,00 EUR auf Konto ...4711 lautet 482913. Uhrzeit 14:35.',
    '482913',
  ],
  [
    'A bank in French',
    'Votre banque : 482913 est votre code pour valider votre paiement de 59,90 EUR le 12/03 à 18h45.',
    '482913',
  ],
  ['A bank in Persian', 'رمز پویا: ۴۸۲۹۱۳\nمبلغ: ۱٬۲۵۰٬۰۰۰ ریال', '482913'],
  ['A bank in Thai', 'รหัส OTP ของคุณคือ ๔๘๒๙๑๓ (Ref: ABCD) ใช้ได้ 5 นาที', '482913'],
  ['A site, bound', 'Your code is 482913.\n\n@example.com #482913', '482913'],
  ['A site, bound and framed', 'Order 112233 waits for you.\n\n@shop.example #482913 @pay.example', '482913'],
];

describe('the code is found in what known senders write', () => {
  test.each(wordings)('%s: %j', (_sender, text, code) => {
    expect(codeText(text, code.length)).toBe(code);
  });
});

describe('where there is no code', () => {
  test('what was typed so far keeps its digits', () => {
    expect(codeText('12', 6)).toBe('12');
    expect(codeText('12-3', 6)).toBe('123');
    expect(codeText('1234567', 6)).toBe('1234567');
  });

  test('letters and Roman numerals are no digits', () => {
    expect(codeText('abc', 6)).toBe('');
    expect(codeText('ⅥⅦ', 6)).toBe('');
  });
});

test('every decimal digit of Unicode has its value', () => {
  const values = new Map<string, number>();
  for (let point = 0; point <= 0x1ffff; point++) {
    const character = String.fromCodePoint(point);
    if (/\p{Nd}/u.test(character)) values.set(character, Number(plainText(character)));
  }
  const counts = Array.from({ length: 10 }, (_, n) => [...values.values()].filter((value) => value === n).length);
  expect(values.size).toBeGreaterThan(600);
  expect(new Set(counts).size).toBe(1);
  // Unicode's own word on a sample: ICU counts in these systems.
  for (const system of ['arab', 'arabext', 'beng', 'deva', 'fullwide', 'khmr', 'mymr', 'tamldec', 'thai', 'tibt']) {
    const seven = new Intl.NumberFormat(`en-u-nu-${system}`, { useGrouping: false }).format(1234567890);
    expect(plainText(seven)).toBe('1234567890');
  }
});

test('a long text takes time in proportion to its length', () => {
  for (const piece of ['1 ', '-', '12', '#1', ' 1-'])
    expect(codeText(piece.repeat(100_000), 6).length).toBeLessThan(200_001);
}, 2_000);

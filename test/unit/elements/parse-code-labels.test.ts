/** The code beside other labelled digits: the word for it in every language, codes that the message calls dead, and codes of other things. */
import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { extractCode } from '../../../src/elements/fields/parse-code.js';

const folder = new URL('../../../src/locales/', import.meta.url);
const locales = readdirSync(folder).filter((file) => file !== 'index.ts');

describe('a person pastes a message whose label is that of the field in their language', () => {
  test('there are 63 languages', () => expect(locales).toHaveLength(63));

  test.each(locales)('%s', async (file) => {
    const { default: messages } = (await import(new URL(file, folder).href)) as { default: { 'code-label': string } };
    const label = messages['code-label'];
    for (const one of [label, label.toLowerCase(), label.split(' ')[0]!, label.split(' ').at(-1)!].filter(
      isCode(label),
    ))
      expect(extractCode(`Acme 558201. ${one}: 731904`, 6), one).toBe('731904');
  });
});

/** Of a label of several words, those that stand for "code" are tested alone too: the noun is the first or the last. */
function isCode(label: string): (word: string) => boolean {
  const noun = /^(?:code|c[óo]d|kod|msimbo|mã|код|κωδ|رمز|کد|קוד)/i;
  const [first = '', last = ''] = [label.split(' ')[0], label.split(' ').at(-1)];
  return (word) => word.length === label.length || word === (noun.test(first) ? first : last);
}

describe('a person pastes a message with another word for "code"', () => {
  test.each(
    (
      'Kinnituskood,Kood,Vahvistuskoodi,Noutokoodi,koodi,Vahvistuskoodisi,kôd,Kôd za potvrdu,kóði,Kóðinn,Cod,Codul,Cod de verificare,lozinka,Lozinka,лозинка,TAC,TAC anda,NIP,Tu NIP,' +
      'Slaptažodis,Vienkartinis slaptažodis,Şifrə,Birdəfəlik şifrə,salasana,Kertakäyttösalasana,Құпиясөз,Құпия сөз,ਕੋਡ,ਤੁਹਾਡਾ ਕੋਡ,ಕೋಡ್,ನಿಮ್ಮ ಕೋಡ್,കോഡ്,കേരള കോഡ്,කේතය,chód,Do chód,cód,cod,Eich cod,ኮድ,የእርስዎ ኮድ,કોડ'
    ).split(','),
  )('%s', (label) => {
    for (const message of [`Acme 558201. ${label}: 731904`, `558201 Acme, ${label} 731904`])
      expect(extractCode(message, 6), message).toBe('731904');
  });

  test('but cash on delivery is none', () => {
    expect(extractCode('COD 1500 due. OTP 4829', 4)).toBe('4829');
    expect(extractCode('Cape Cod 1500: your code is 4829', 4)).toBe('4829');
    expect(extractCode('Two tacos 1500. Your code is 4829', 4)).toBe('4829');
  });
});

describe('a person pastes a message that says that one of its codes is dead', () => {
  test.each([
    'Your old code 112209 has expired. Your new code is 774310.',
    'Your previous code was 112209. Your new code: 774310',
    'Old code: 112209. New code: 774310',
    'Ignore previous code 112209, use 774310',
    'Please disregard code 112209. Code 774310 is valid now.',
    'Do not use code 112209. Use code 774310.',
    'Don’t use code 112209. Use 774310.',
    'Code 112209 is no longer valid. Code 774310 is.',
    'Code 112209 was replaced by 774310.',
    'Dein Code 112209 wurde durch 774310 ersetzt.',
    'Your earlier code 112209 is invalid. Enter 774310.',
    'Your new code is 774310. Your old code 112209 has expired.',
    'Dein alter Code 112209 ist abgelaufen. Dein neuer Code lautet 774310.',
    'Der Code 112209 ist nicht mehr gültig. Ihr neuer Code ist 774310.',
    'Ihr bisheriger Code 112209 ist ungültig, bitte 774310 verwenden.',
    'Ignorieren Sie den Code 112209. Ihr Code ist 774310.',
    'Tu código anterior 112209 ha caducado. Tu nuevo código es 774310.',
    'El código 112209 ya no es válido. Su código es 774310.',
    'No uses el código 112209. Usa 774310.',
    'Votre ancien code 112209 a expiré. Votre nouveau code est 774310.',
    'Le code 112209 n’est plus valable. Votre code : 774310',
    'Ignorez le code 112209 et utilisez 774310.',
    'Il vecchio codice 112209 è scaduto. Il nuovo codice è 774310.',
    'Il codice precedente 112209 non è più valido. Codice: 774310',
    'O seu código antigo 112209 expirou. O novo código é 774310.',
    'Ignore o código 112209. Seu código é 774310.',
    'O código 112209 não é mais válido. Código: 774310',
    'Старый код 112209 истёк. Новый код: 774310.',
    'Код 112209 больше не действителен. Ваш код: 774310',
    'Не используйте код 112209. Ваш код: 774310',
    '古いコード112209は無効です。新しいコードは774310です。',
    '以前の認証コード112209は期限切れです。認証コード：774310',
    '旧验证码112209已失效，新验证码774310',
    '이전 인증번호 112209는 만료되었습니다. 새 인증번호는 774310입니다.',
    'Je oude code 112209 is verlopen. Je nieuwe code is 774310.',
    'Twój poprzedni kod 112209 wygasł. Nowy kod: 774310',
    'Eski kodunuz 112209 geçersiz. Yeni kodunuz: 774310',
    'الرمز السابق 112209 انتهت صلاحيته. الرمز الجديد: 774310',
    'Kode lama 112209 tidak berlaku. Kode baru: 774310',
  ])('%s', (message) => expect(extractCode(message, 6)).toBe('774310'));

  test.each([
    'Your old password was reset. Your new code is 774310, ref 112209',
    'Your code is 774310. It expires soon. Use it before 112209',
    'If you did not request this, ignore this message. 774310 is your code, not 112209',
    'Your old code has expired and the new code is 774310. Or 112209.',
    'Ignore this if you did not ask for code 774310. Help: 112209',
    'Der alte Code gilt nicht, neuer Code 774310. Tisch 112209',
    'Eski kod silindi, yeni kod 774310. Masa 112209',
    'Enter 774310, süresi dolmadan. 112209',
    'Код 774310 никому больше не сообщайте. Зал 112209',
    '验证码774310五分钟后失效，桌号112209',
    '774310 is your code avoid sharing it. Table 112209',
    'Your Old Navy code is 774310. Table 112209',
    'Eskişehir kodu 774310. Masa 112209',
    'Стартовый код 774310. Зал 112209',
    '名前の確認コード774310、テーブル112209',
    '旧金山酒店验证码774310，桌号112209',
    'Session expired - enter code 774310. Table 112209',
    'Enter code 774310 if expired. Table 112209',
  ])('%s: the code is not called dead', (message) => expect(extractCode(message, 6)).toBe('774310'));

  test('the only code is read, dead or not', () => {
    expect(extractCode('Your old code 112209 has expired.', 6)).toBe('112209');
  });
});

describe('a person pastes a message with the code of something else', () => {
  const others =
    'Sort code,Merchant code,Store code,Product code,Bank code,Branch code,Short code,Tracking code,Reference code,Invite code,Referral code,Zip code,Postal code,Country code,Item code,' +
    'Customer code,Shop code,Hotel code,Kundencode,Filialcode,Produktcode,Hotelcode,Klantcode,Filiaalcode,Müşteri kodu,Mağaza kodu,店铺代码,商品代码,邀请码,店舗コード,招待コード,상품 코드,Mã GD,Mã giao dịch,Mã khách hàng,Mã đơn hàng';

  test.each(others.split(','))('%s', (label) => {
    for (const own of [
      'Your passcode is 481029',
      'Verification code: 481029',
      '481029 is your login code',
      'OTP 481029',
    ])
      for (const message of [`${label} 204060. ${own}`, `${label}: 204060\n${own}`, `${own}. ${label} 204060`])
        expect(extractCode(message, 6), message).toBe('481029');
    expect(extractCode(`${label}: 204060`, 6)).toBe('204060');
    expect(extractCode(`${label} 204060, since 2026`, 6)).toBe('204060');
  });

  test.each([
    ['Sort code 204060, account 11223344. Your passcode is 481029', '481029'],
    ['Sort code 20-40-60. Your passcode is 481029', '481029'],
    ['Merchant code 204060: enter 481029 to sign in', '481029'],
    ['Filialcode 204060, Bestätigungscode 481029', '481029'],
    ['Klantcode 204060, verificatiecode 481029', '481029'],
    ['Müşteri kodu 204060, doğrulama kodu 481029', '481029'],
    ['店铺代码204060，验证码481029', '481029'],
    ['Mã GD 204060, mã OTP 481029', '481029'],
    ['Your Acme code is 481029. Table 204060', '481029'],
    ['Your Acme Bank code is 481029. Table 204060', '481029'],
    ['Your bank code is 204060, your passcode is 481029', '481029'],
    ['Código de sucursal: 204060. Código: 481029', '481029'],
    ['Código de cliente 204060. Código 481029', '481029'],
    ['Код магазина: 204060. Код: 481029', '481029'],
    ['Kod klienta: 204060, kod: 481029', '481029'],
    ['Kode toko: 204060. Kode OTP: 481029', '481029'],
    ['고객 코드 204060, 인증번호 481029', '481029'],
    ['お客様コード204060、認証コード481029', '481029'],
    ['Your Uber code is 481029. Never share this code, even with our 204060 drivers', '481029'],
    ['Your Uber code is 481029. Never share this code 204060', '481029'],
    ['Your restore code is 481029. Table 204060', '481029'],
    ['Acme code 481029 for invoice 204060', '481029'],
  ])('%s', (message, code) => expect(extractCode(message, 6)).toBe(code));
});

/** The code in messages of many countries, beside amounts, orders, cards, phone numbers and dates. Each line marks its code with braces. */
import { expect, test } from 'vitest';
import { extractCode } from '../../../src/elements/fields/parse-code.js';

const messages = `
en  Your OTP-{482913}. Ref 771204
en  PIN-{4829} for card ending 1234
id  Kode OTP-{482913}, transaksi 771204
en  Your code #{482913}. Order 771204
en  PIN #{4829} valid 1500 seconds
en  №{482913} ref 771204
en  Your code...{482913}. Ref 771204
en  Your OTP is {482913} INR 1500 debited from account 771204
en  Your OTP is {4829} INR 1500 debited from account 7712
en  Code {482913} $50, account 771204
en  Code {4829} $1500, account 7712
en  _{482913}_ ref 771204
ru  код{482913} заказ 771204
en  Valid 10 minutes. {2048} is your code. Ref 5571
ru  Списание 1500 руб. Код {4829}
ru  Списание 1500р. Код {4829}
ru  Покупка 1500 RUB, код: {4829}
ru  Карта *1234. Код {4829}
ru  Код {4829} для оплаты 1500 руб. с карты *1234
ru  Никому не говорите код {482913}. Заказ №771204
ru  Ваш заказ 771204 передан курьеру. Код получения {482913}
ru  {4829} — ваш код для входа. Сумма 1500 ₽
ru  Звоните 8 800 555-35-35. Код: {4829}
ru  Пароль: {48291}. Договор 77120
pl  Płatność 1500 zł. Kod {4829}
pl  Kod: {4829}. Kwota 1500 zł
pl  Twój kod to {482913}. Zamówienie 771204
pl  Paczka 771204 czeka. Kod odbioru: {482913}
pl  Hasło 3D Secure, kod {482913}, kwota 150000 PLN
sv  Betalning 1500 kr. Kod {4829}
sv  Din kod är {4829}. Belopp: 1500 kr
sv  Paket 771204 kan hämtas med kod {482913}
sv  {4829} är din engångskod för köp på 1500 SEK
nb  Beløp 1500 kr. Engangskode: {4829}
nb  Din kode er {482913}. Ordre 771204
da  Du betaler 1500 kr. Din kode er {4829}
da  Din kode: {482913}. Bestilling nr. 771204
fi  Maksu 1500 €. Koodi {4829}
fi  Tilaus 771204: vahvistuskoodisi on {482913}
tr  1500 TL harcama. Kod: {4829}
tr  1500 TL tutarındaki işlem için kodunuz {4829}
tr  Sipariş 771204 için doğrulama kodu: {482913}
tr  Şifreniz: {482913}. Hesap 771204
hu  Vásárlás 1500 Ft. Kód {4829}
hu  Az ellenőrző kód: {4829}, összeg 1500 Ft
hu  1500 Ft értékű fizetés kódja: {4829}
cs  Platba 1500 Kč. Kód {4829}
cs  Objednávka 771204, kód {482913}
cs  Kód {4829} pro platbu 1500 CZK
sk  Platba 1500 EUR. Kód je {4829}
sk  Objednávka 771204: overovací kód {482913}
ja  1500円のお支払い。認証コード:{4829}
ja  お支払い金額1500円、認証コードは{4829}です
ja  【Acme】確認コードは{482913}です。注文番号771204
ja  ワンタイムパスワード {482913} 有効期限2026年11月27日
ja  認証番号：{4829}（カード末尾1234）
ja  注文番号：771204 認証コード：{482913}
zh  您消费5000元，验证码{4829}
zh  尾号1234的卡，验证码是{4829}
zh  尾号1234的卡消费5000元，验证码是{4829}
zh  验证码{482913}，订单771204
zh  订单号771204，取件码{482913}
zh  【银行】您尾号为1234的账户，动态码{4829}
zh  优惠码771204，验证码{482913}
zh-TW  卡號末四碼1234，驗證碼為{4829}
zh-TW  訂單編號771204，驗證碼:{482913}
ko  10000원 결제. 인증번호 {48291}
ko  [카드] 결제금액 10000원 인증번호[{48291}]
ko  주문번호 771204, 인증번호 {482913}
ko  인증번호는 {482913}입니다. 주문 771204
ko  {482913} 인증번호를 입력하세요. 주문번호: 771204
id  Transaksi Rp 150000. Kode {482913}
id  Transaksi Rp150000. Kode {482913}
id  Kode OTP {482913} untuk transaksi Rp 150000
id  JANGAN BERIKAN kode ini: {482913}. Pesanan 771204
id  Pesanan 771204, kode verifikasi Anda {482913}
ms  RM 1500 dibayar. TAC anda {4829}
ms  Kod anda ialah {4829}. Jumlah RM1500
ms  RM0: RM 1500 kepada akaun 7712, kod {4829}
sw  KES 1500 imelipwa. Msimbo {4829}
sw  Msimbo wako ni {4829}. Kiasi KES 1500
en  NGN 1500 debit. OTP {4829}
en  PHP 1500 payment. OTP {4829}
en  THB 1500 payment. OTP {4829}
en  Pay KSh 1500. Your PIN: {4829}
en  AED 1500 at SHOP. {4829} is your OTP
en  SAR 1500 at SHOP, OTP {4829}
en  Never share this OTP: {4829}. Rs. 1500 at SHOP
en  Rs 1500 at SHOP. Use {4829}
en  {482913} is your OTP for login to account 771204
en  {482913} is the one-time password for txn 771204
en  Txn 771204 at SHOP. OTP is {482913}.
en  Order # 771204: use {482913}
en  Order no. 771204 is ready, pick it up with {482913}
en  Ref AB-103344: use {482913}
en  Ref AB-103344: your code is {482913}
en  INV/103344 use {482913}
en  INV.103344 use {482913}
en  103344-A use {482913}
en  103344-A: your code is {482913}
en  Call 0800 123456 if this was not you. Code {482913}
en  Call 0800 123456 for help. Use {482913}
en  Call 1800 123 456 for help. Use {482913}
en  Not you? Call 771204. {482913} is your code
en  © 2024-2026 Acme. Your code: {4829}
en  © 2024-2026 Acme. Use {4829}
en  Copyright 2026 Acme. Use {4829}
en  Card ending in 1234: use {4829}
en  Card x-1234: use {4829}
en  Use {4829} for your card *1234
en  *{482913}* is your verification code. Ref 771204
en  *{482913}* for booking 771204
en  Booking 771204 confirmed, check in with {482913}
en  Ticket 771204. Security code {482913}
en  Case 771204: enter {482913} to continue
en  Your parcel 771204 arrives today. PIN for the driver is {482913}
en  Your delivery PIN is {4829}. Tracking 7712
en  Zip code 94103, your login code is {48291}
en  Promo code 771204! Your login code: {482913}
en  Reply STOP to 48291. Code {77120}
en  Text HELP to 48291, or enter {77120}
en  Your code for Acme: {482913}. Customer 771204
en  Earn 1500 points! Use {4829} to sign in
en  In 1500 seconds your session ends. Enter {4829}
en  Acme: your code is {482 913}. Order 771204
en  Account 7712: passcode {4829}
en  Acme 2048 says your password is {4829}
en  Passcode: {4829} for your 1500 USD transfer
en  Your 1800Bloom code is: {4829}
en  Sent 27 Nov. 2026. Use {4829}
en  From 27 November 2026 use {4829}
de  Zahlung über 1500 EUR: TAN {4829}
de  Ihre TAN lautet {482913}. Auftrag 771204
de  Auftrag 771204: Ihre mobileTAN {482913}
de  Bestellung 771204: Bestätigungscode {482913}
de  Karte mit Endziffern 1234: Code {4829}
de  Rechnung Nr. 771204. Ihr Code: {482913}
de  Ihr Abholcode für Paket 771204 ist {482913}
de  Paket 771204 liegt bereit, PIN {482913}
de  In 5 Minuten. {2048} ist dein Code. Vorgang 5571
fr  Commande n°771204 : votre code est {482913}
fr  Commande n° 771204 : saisissez {482913}
fr  Votre code est {4829}. Carte terminant par 1234
fr  Facture 771204. Votre code : {482913}
fr  Colis 771204, code de retrait {482913}
fr  Code postal 75011, code {48291}
fr  Paiement de 1500 €, code {4829}
es  Compra de 1500 MXN. Código {4829}
es  Su tarjeta terminada en 1234, código {4829}
es  Pedido 771204: tu código es {482913}
es  Tu clave es {4829}, pago de 1500 pesos
es  Código postal 28013, código {48291}
pt  Compra de 1500 reais. Código {4829}
pt-BR  Compra R$ 1500 no cartão 1234. Código {4829}
pt-BR  Pedido 771204: seu código é {482913}
pt-BR  Seu código é {4829}. Cartão final 1234
it  Pagamento di 1500 euro. Codice {4829}
it  Ordine 771204: il tuo codice è {482913}
it  Carta *1234: codice {4829}
nl  Betaling 1500 EUR. Code {4829}
nl  Bestelling 771204: je code is {482913}
ro  Plata 1500 lei. Cod {4829}
ro  Comanda 771204, codul este {482913}
ro  Codul tău: {4829}. Suma 1500 RON
bg  Плащане 1500 лв. Код {4829}
bg  Код: {482913}. Поръчка №771204
uk  Оплата 1500 грн. Код {4829}
uk  Замовлення 771204. Ваш код {482913}
uk  Нікому не кажіть код {4829}! Картка *1234
el  Πληρωμή 1500 ευρώ. Κωδικός {4829}
el  Ο κωδικός σας: {4829}. Ποσό 1500 €
he  תשלום 1500 ש"ח. קוד {4829}
he  הקוד שלך הוא {4829}. סכום 1500 ₪
ar  مبلغ 1500 ريال. رمز التحقق {4829}
ar  رمز التحقق: {4829} لدفع 1500 درهم
ar  طلب 771204، رمز التحقق {482913}
fa  مبلغ 150000 ریال، رمز {482913}
fa  رمز پویا {482913} مبلغ 150000 ریال
fa  سفارش ۷۷۱۲۰۴، کد {۴۸۲۹۱۳}
ur  1500 روپے، آپ کا کوڈ {4829}
hi  1500 रुपये का भुगतान। ओटीपी {4829}
hi  आपका OTP {4829} है। राशि Rs 1500
bn  আপনার কোড {৪৮২৯}। পরিমাণ ১৫০০ টাকা
th  จ่าย 1500 บาท รหัส {4829}
th  รหัส OTP คือ {4829} ยอด 1500 บาท
th  คำสั่งซื้อ 771204 รหัส {482913}
vi  Thanh toán 150000 VND. Mã OTP {482913}
vi  Mã xác thực: {482913}. Đơn hàng 771204
vi  Giao dịch 150000 đ, mã OTP là {482913}
en  {482913} is the code. Try again at 771204
en  Use {482913} won't expire, Ref 771204
en  Acme: {4829} try again later. Card 1234
en  Send {4829} to no one. Amount USD 1500
en  Enter {482913} to access account 771204
en  Dear customer, {482913} is SECRET OTP for txn of INR 150000 on card ending 1234
en  OTP for txn of INR 150000 at AMAZON is {482913}. Not you? SMS BLOCK 1234 to 771204
en  Alert: OTP for Rs. 150000 is {482913}, valid 300 seconds
en  Do not share. Transaction of 771204 units; one-time code {482913}
en  Do not share your code with anyone. {482913}
en  Order 771204 - {482913} is your verification code
en  2FA: {482913}, session 771204A
en  We received your order (771204). Your code: {482913}
en  Booking.com PIN code {4829}, booking number 3456.7890
en  Your Lyft code is {48291}. Lot 77120X
en  Acme code {4829} / amount 1500.00
en  {482-913} is your code. Order 771204
en  Your code: {123 456}. Ref 771204
en  <#> {4829} is your code. 1234XYZ
en  Login from IP 10.0.1.2048 at 2026. Code {4829}
en  Your account 771204 was charged. If not you reply {482913}
de  Ihr Code: {482913} - Kundennummer 771204
de  Kd-Nr. 771204, Code {482913}
de  {482913} ist Ihr Code für Konto 771204
de  Tisch 4711 um 18 Uhr. Code {4829}
de  Anmeldung mit {482913}. Leider nicht Sie? Hotline 0800 123456
de  TAN: {482913} für Überweisung von 150000 EUR an DE89
fr  {482913} est votre code. Commande 771204
fr  Code : {4829} (valable 1500 secondes)
fr  Appelez le 771204 en cas de fraude. Code {482913}
fr  Votre mot de passe : {482913}. Dossier 771204
es  Tu código es {482913}. Reserva 771204
es  Clave: {4829}. Monto 1500 CLP
es  Use {4829} para confirmar 1500 pesos
pt  O código {482913} confirma a encomenda 771204
it  {482913} è il tuo codice, ordine 771204
nl  Je pincode is {4829}, pas 1234
nl  Rekening 771204: code {482913}
pl  {482913} to Twój kod. Przelew 150000 zł
pl  Kod BLIK {482913}, kwota 150000 zł
pl  Przelew na konto 771204. Kod SMS: {482913}
ru  {4829} - код подтверждения. Сумма 1500 руб.
ru  Пин-код {4829}, карта 1234
ru  Счёт 771204. Никому не сообщайте: {482913}
uk  Код {4829}. Сума 1500 грн
tr  {482913} kodunu kimseyle paylaşmayın. Sipariş no 771204
tr  Kart sonu 1234, şifre {4829}
zh  {482913}（登录验证码），订单771204
zh  验证码：{4829}，金额：1500元
zh  您正在支付1500.00元，验证码{4829}，客服95588
ja  {482913} が認証コードです。お客様番号 771204
ja  ご利用金額:5000円 認証コード:{4829}
ko  [Web발신] 인증번호 : {482913} (주문 771204)
ar  {482913} هو رمز التحقق. رقم الطلب 771204
he  {482913} הוא קוד האימות. הזמנה 771204
hi  {482913} आपका OTP है, खाता 771204
th  รหัส {482913} อ้างอิง 771204
vi  {482913} là mã xác minh. Đơn 771204
id  {482913} adalah kode OTP Anda. No. pesanan 771204
sw  {482913} ni msimbo wako. Akaunti 771204
lt  Jūsų kodas: {482913}. Užsakymas 771204
lv  Jūsu kods {482913}. Pasūtījums 771204
et  Teie kood on {482913}. Tellimus 771204
sl  Vaša koda je {482913}. Naročilo 771204
hr  Vaš kod: {482913}. Narudžba 771204
sr  Ваш код је {482913}. Поруџбина 771204
is  Kóðinn þinn er {482913}. Pöntun 771204
ka  თქვენი კოდია {482913}. შეკვეთა 771204
en  (Ref: 771204) Your verification code: {482913}
en  TXN#771204 OTP#{482913}
en  Use OTP {482913} for Txn of BDT 150000
de  Sicherheitscode: {482913}; Vorgangsnr.: 771204
de  Dein Code für die Filiale 4711 lautet {4829}
fr  Ne partagez pas ce code : {482913}. Virement 150000 €
es  Tu NIP es {4829}. Saldo $1500
pl  Operacja nr 771204 z dnia 27-11-2026, kod: {482913}
pl  Operacja 7 z dn. 27-11-2026 na kwotę 1500 PLN hasło: {4829}
ru  Oplata 1500 RUB v SHOP. Kod: {4829}. Nikomu ne soobschayte
ru  Вход в банк. Код: {4829}. С номера 900
ru  Доставка заказа 4711 сегодня, код {4829}
ru  Ваш код - {4829}, действует 1500 сек
zh  动态密码{482913}，转账150000元，尾号1234
zh  【顺丰】取件码{4829}，快递柜1234
ja  お荷物 771204 の暗証番号は {482913} です
ko  승인 10000원 / 비밀번호 {48291}
tr  Onay kodu {4829}. Tutar 1500,00 TL, kart 1234
ar  الرمز {4829} صالح حتى 2026
`
  .trim()
  .split('\n')
  .map((line) => line.split(/ {2}/) as [language: string, message: string]);

test('the messages are of more than twenty languages', () => {
  expect(messages.length).toBeGreaterThanOrEqual(150);
  expect(new Set(messages.map(([language]) => language)).size).toBeGreaterThan(20);
});

test.each(messages)('%s: %s', (_language, message) => {
  const code = /\{(.+)\}/.exec(message)![1]!.normalize('NFKC').replace(/[ -]/g, '');
  const ascii = code
    .replace(/[۰-۹]/g, (digit) => String(digit.charCodeAt(0) - 0x6f0))
    .replace(/[০-৯]/g, (digit) => String(digit.charCodeAt(0) - 0x9e6));
  expect(extractCode(message.replace(/[{}]/g, ''), ascii.length)).toBe(ascii);
});

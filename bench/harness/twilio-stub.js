/**
 * A stub of Twilio Verify in its own process. It answers at once or after a delay, and costs as little as a server in Node can.
 * Unlike the emulator it checks nothing: every code is right. The SID of a verification contains its number, so it keeps no state.
 */
import { createServer } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { readFileSync } from 'node:fs';
import { answerWith } from './processes.js';

let delay = 0;
let calls = 0;
const account = `AC${'0'.repeat(32)}`;

/** @param {string} path @param {string} body */
function answer(path, body) {
  const service = /\/(VA\w{32})\//.exec(path)?.[1];
  const now = new Date().toISOString();
  const date = `${now.slice(0, 19)}Z`;
  const form = new URLSearchParams(body);
  if (path.endsWith('/VerificationCheck')) {
    const sid = form.get('VerificationSid') ?? '';
    const to = form.get('To') ?? `+${sid.slice(2).replace(/^0+/, '')}`;
    return `{"sid":"${sid}","service_sid":"${service}","account_sid":"${account}","to":"${to}","channel":"sms","status":"approved","valid":true,"amount":null,"payee":null,"sna_attempts_error_codes":[],"date_created":"${date}","date_updated":"${date}"}`;
  }
  const to = form.get('To') ?? '';
  const sid = `VE${to.slice(1).padStart(32, '0')}`;
  return `{"sid":"${sid}","service_sid":"${service}","account_sid":"${account}","to":"${to}","channel":"sms","status":"pending","valid":false,"lookup":{"carrier":null},"amount":null,"payee":null,"send_code_attempts":[{"attempt_sid":"VL${'0'.repeat(32)}","channel":"sms","time":"${now}"}],"date_created":"${date}","date_updated":"${date}","sna":null,"url":"https://verify.twilio.com${path}/${sid}"}`;
}

/** @param {import('node:net').Socket} socket */
function serve(socket) {
  let text = '';
  socket.setNoDelay(true);
  socket.on('error', () => undefined);
  socket.on('data', (bytes) => {
    text += bytes.toString('latin1');
    for (;;) {
      const end = text.indexOf('\r\n\r\n');
      if (end < 0) return;
      const length = Number(/\r\ncontent-length: *(\d+)/i.exec(text.slice(0, end))?.[1] ?? 0);
      const whole = end + 4 + length;
      if (text.length < whole) return;
      const path = text.slice(text.indexOf(' ') + 1, text.indexOf(' HTTP/'));
      const body = answer(path, text.slice(end + 4, whole));
      text = text.slice(whole);
      calls += 1;
      const reply = `HTTP/1.1 ${path.endsWith('Check') ? '200 OK' : '201 Created'}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\nConnection: keep-alive\r\n\r\n${body}`;
      if (delay === 0) socket.write(reply);
      else setTimeout(() => socket.write(reply), delay);
    }
  });
}

/** @param {import('node:net').Server} server */
const listen = (server) =>
  new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(/** @type {any} */ (server.address()).port)));

const { TLS_KEY, TLS_CERT } = process.env;
const plain = await listen(createServer(serve));
const tls =
  TLS_KEY && TLS_CERT
    ? await listen(createTlsServer({ key: readFileSync(TLS_KEY), cert: readFileSync(TLS_CERT) }, serve))
    : null;
answerWith((message) => {
  if (message.delay !== undefined) delay = message.delay;
  const seen = calls;
  calls = 0;
  return { calls: seen };
});
process.send?.({ plain, tls });

/**
 * The load generator, in its own process. Each kept-alive connection sends its next request when the last one is answered, over a
 * bare socket, so that the generator costs less than what it measures. Every request has another number and another address (in
 * X-Forwarded-For). Starts are kept for the checks that follow.
 */
import { connect } from 'node:net';
import { answerWith } from './processes.js';

/**
 * @typedef {{ kind: 'start' | 'check', shape: 'ours' | 'plain' | 'better-auth', ports: number[], connections: number, seconds: number, requests?: number, keep?: boolean }} Batch
 * Ends after that many seconds or requests, whichever comes first.
 */

let person = 0;
/** @type {Record<string, { challenge?: string, number: string }[]>} */
const started = {};

/** Valid mobile numbers. Each goes to the next exchange, so that consecutive numbers are far apart. @param {number} n */
function numberOf(n) {
  const areas = ['415', '212', '310', '206', '617', '512', '303', '702', '404', '305'];
  // N11 exchanges are services.
  const exchanges = 700 - 7;
  const place = Math.floor(n / areas.length) % exchanges;
  const exchange = 200 + place + Math.floor((place + 88) / 99);
  const line = Math.floor(n / areas.length / exchanges) % 10_000;
  return `+1${areas[n % areas.length]}${exchange}${String(line).padStart(4, '0')}`;
}

/** @param {Batch} batch @returns {{ bytes: string, number: string } | null} */
function nextRequest({ kind, shape }) {
  const waiting = (started[shape] ??= []);
  const from = kind === 'check' ? waiting.pop() : { number: numberOf(person), challenge: '' };
  if (!from) return null;
  person += 1;
  const { number, challenge } = from;
  const address = `10.${(person >> 16) & 255}.${(person >> 8) & 255}.${person & 255}`;
  const key = kind === 'check' ? `Idempotency-Key: ${String(person).padStart(20, 'k')}\r\n` : '';
  const body =
    shape === 'better-auth'
      ? JSON.stringify(
          kind === 'check' ? { phoneNumber: number, code: '123456', disableSession: true } : { phoneNumber: number },
        )
      : shape === 'plain'
        ? JSON.stringify(kind === 'check' ? { to: number, code: '123456' } : { to: number })
        : JSON.stringify(kind === 'check' ? { challenge, code: '123456' } : { to: number });
  const path =
    shape === 'better-auth'
      ? `/api/auth/phone-number/${kind === 'check' ? 'verify' : 'send-otp'}`
      : `/verify/${kind === 'check' ? 'check' : 'contact'}`;
  return {
    number,
    bytes: `POST ${path} HTTP/1.1\r\nHost: shop.example\r\nContent-Type: application/json\r\nX-Forwarded-For: ${address}\r\nSec-Fetch-Site: same-origin\r\nOrigin: https://shop.example\r\nUser-Agent: Mozilla/5.0\r\nAccept: */*\r\n${key}Content-Length: ${body.length}\r\n\r\n${body}`,
  };
}

/** @param {Batch} batch */
async function load(batch) {
  /** @type {number[]} */
  const latencies = [];
  /** @type {Record<number, number>} */
  const statuses = {};
  const begun = performance.now();
  const until = begun + batch.seconds * 1000;
  let left = batch.requests ?? Infinity;
  let empty = false;
  let complaint = '';
  await Promise.all(Array.from({ length: batch.connections }, (_, i) => one(batch.ports[i % batch.ports.length])));
  const seconds = (performance.now() - begun) / 1000;
  latencies.sort((a, b) => a - b);
  const at = (/** @type {number} */ part) =>
    latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * part))] ?? NaN;
  return {
    requests: latencies.length,
    seconds,
    perSecond: latencies.length / seconds,
    p50: at(0.5),
    p99: at(0.99),
    statuses,
    empty,
    complaint,
  };

  /** @param {number} port @returns {Promise<void>} */
  function one(port) {
    return new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1');
      let text = '';
      let sent = 0;
      let number = '';
      const next = () => {
        const wanted = performance.now() < until && left > 0;
        const request = wanted ? nextRequest(batch) : null;
        if (!request) {
          empty ||= wanted;
          socket.end();
          return resolve();
        }
        left -= 1;
        number = request.number;
        sent = performance.now();
        socket.write(request.bytes);
      };
      socket.setNoDelay(true);
      socket.once('error', reject);
      socket.once('close', () => resolve());
      socket.once('connect', next);
      socket.on('data', (bytes) => {
        text += bytes.toString('latin1');
        const end = text.indexOf('\r\n\r\n');
        if (end < 0) return;
        const length = /\r\ncontent-length: *(\d+)/i.exec(text.slice(0, end + 2))?.[1];
        if (length !== undefined ? text.length < end + 4 + Number(length) : !text.endsWith('0\r\n\r\n')) return;
        latencies.push(performance.now() - sent);
        const status = Number(text.slice(9, 12));
        statuses[status] = (statuses[status] ?? 0) + 1;
        if (status > 299) complaint = text.slice(0, 1200);
        if (batch.kind === 'start' && batch.keep && status < 300) {
          const challenge = /"challenge":"([^"]+)"/.exec(text)?.[1];
          started[batch.shape].push({ number, ...(challenge ? { challenge } : {}) });
        }
        text = '';
        next();
      });
    });
  }
}

answerWith((message) => {
  if (message.forget) {
    started[message.forget] = [];
    return {};
  }
  return load(message);
});
process.send?.({});

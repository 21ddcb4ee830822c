/** One process whose memory and latency are watched while verifications pile up in it; the upstream is a function in the same process. */
import { answerWith } from './processes.js';
import { optionsOf } from './servers/ours.js';
import { contactService } from './servers/account.js';

const config = JSON.parse(process.env.BENCH ?? '{}');
const { server, options } = await optionsOf(config);
const { memoryStore, ...rest } = server;
const sid = (/** @type {string} */ to) => `VE${to.slice(1).padStart(32, '0')}`;
const handler = rest.createHandler({
  ...options,
  twilio: {
    ...options.twilio,
    transport: async (/** @type {Request} */ request) => {
      const form = new URLSearchParams(await request.text());
      const to = form.get('To') ?? `+${(form.get('VerificationSid') ?? '').slice(2).replace(/^0+/, '')}`;
      const date = new Date().toISOString();
      const status = form.has('Code') ? 'approved' : 'pending';
      return Response.json({
        sid: sid(to),
        service_sid: contactService,
        to,
        channel: 'sms',
        status,
        valid: status === 'approved',
        date_created: date,
        date_updated: date,
        send_code_attempts: [{ time: date }],
      });
    },
  },
});
await handler.ready();

let person = 0;
const areas = ['415', '212', '310', '206', '617', '512', '303', '702', '404', '305'];
function next() {
  const n = person++;
  const place = Math.floor(n / 10) % 693;
  const exchange = 200 + place + Math.floor((place + 88) / 99);
  return {
    to: `+1${areas[n % 10]}${exchange}${String(Math.floor(n / 6930)).padStart(4, '0')}`,
    address: `10.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}`,
  };
}

async function start() {
  const { to, address } = next();
  const headers = { 'content-type': 'application/json', 'x-forwarded-for': address };
  const body = JSON.stringify({ to });
  const request = new Request('https://shop.example/verify/contact', {
    method: 'POST',
    headers: { ...headers, 'content-length': String(body.length) },
    body,
  });
  const { status, body: said } = await handler.answer(request, { address: '127.0.0.1' });
  if (status !== 201) throw new Error(String(said));
}

answerWith(async ({ fill, probe }) => {
  const until = person + (fill ?? 0);
  while (person < until) await Promise.all(Array.from({ length: Math.min(64, until - person) }, start));
  const latencies = [];
  for (let i = 0; i < (probe ?? 0); i += 1) {
    const from = performance.now();
    await start();
    latencies.push(performance.now() - from);
  }
  latencies.sort((a, b) => a - b);
  /** @type {any} */ (globalThis).gc();
  const { rss, heapUsed } = process.memoryUsage();
  return {
    rss,
    heap: heapUsed,
    median: latencies[latencies.length >> 1] * 1000,
    p99: latencies[Math.floor(latencies.length * 0.99)] * 1000,
  };
});
process.send?.({});

/** The soak's emulator, in a process of its own, with random faults. Sends its parent each message, and on request the approved numbers. */
import { createEmulator } from '../../dist/emulator/index.js';
import { serveEmulator } from '../../dist/emulator/node.js';

/**
 * Faults by weight. The backend waits for less than half a minute, so it gives up on the longest delay.
 * @type {[weight: number, fault: import('../../dist/emulator/index.js').Fault][]}
 */
const faults = [
  [20, { delayMs: 50 }],
  [20, { delayMs: 300 }],
  [10, { delayMs: 2_000 }],
  [1, { delayMs: 30_000 }],
  [1, { kind: 'no-answer', acts: true }],
  [8, { kind: 'reset-before' }],
  [8, { kind: 'reset-after' }],
  [4, { code: 20429, retryAfter: 1 }],
  [4, { code: 20429 }],
  [8, { status: 500 }],
  [4, { kind: 'html-502' }],
  [4, { kind: 'html-502', acts: true }],
  [8, { kind: 'broken-json' }],
];
const total = faults.reduce((sum, [weight]) => sum + weight, 0);

let share = Number(process.argv[2] ?? 0);
const emulator = createEmulator({ retention: { messages: 100, calls: 100, attempts: 10_000_000 } });
emulator.outbox.subscribe((message) => process.send?.({ message }));

function chance() {
  let left = Math.random() * total;
  return faults.find(([weight]) => (left -= weight) < 0)?.[1] ?? {};
}

const { url } = await serveEmulator({
  ...emulator,
  fetch(request) {
    if (Math.random() < share) emulator.faults.add(chance());
    return emulator.fetch(request);
  },
});

/** The numbers for which Twilio reports a converted attempt. */
async function approved() {
  const { accountSid, authToken } = emulator.credentials;
  const headers = { authorization: `Basic ${btoa(`${accountSid}:${authToken}`)}` };
  const numbers = [];
  for (let page = 0; ; page += 1) {
    const query = `Status=converted&PageSize=1000&Page=${page}`;
    const response = await emulator.fetch(new Request(`https://verify.twilio.com/v2/Attempts?${query}`, { headers }));
    const { attempts } = /** @type {{ attempts: { channel_data: { to: string } }[] }} */ (await response.json());
    if (attempts.length === 0) return numbers;
    numbers.push(...attempts.map((one) => one.channel_data.to));
  }
}

process.on('message', (/** @type {{ share?: number }} */ message) => {
  if (message.share !== undefined) share = message.share;
  else void approved().then((numbers) => process.send?.({ approved: numbers }));
});
process.once('disconnect', () => process.exit());
process.send?.({ url, credentials: emulator.credentials, services: emulator.services });

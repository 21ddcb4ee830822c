/** What honest people meet while a fraudster is at work, under the default limits, at the same bound of costs. */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createRateLimits, type LimitOptions, type LimitSubject } from '../../../../src/server/limits/rate-limits.js';
import { normalizeAddress } from '../../../../src/server/http/client-address.js';
import { memoryStore } from '../../../../src/server/store/memory.js';

const minute = 60_000;
const hour = 60 * minute;
const start = Date.UTC(2026, 0, 1);
const hash = (text: string) => createHash('sha256').update(text).digest('base64url');

interface Send {
  at: number;
  honest: boolean;
  who: LimitSubject;
}
type Flood = (n: number) => Pick<LimitSubject, 'address' | 'contact' | 'country'>;

const phone = (value: string, country: string) => ({ contact: { type: 'phone' as const, value }, country });
const mail = (value: string) => ({ contact: { type: 'email' as const, value } });
const send = (at: number, honest: boolean, who: ReturnType<Flood>): Send => ({
  at,
  honest,
  who: { purpose: 'contact', subject: null, ...who },
});

/** A day of requests at an even rate. */
const flood = (perHour: number, one: Flood): Send[] =>
  Array.from({ length: 24 * perHour }, (_, n) => send(start + (n * hour) / perHour, false, one(n)));

/** 240 people, each from a home of their own; `mails` of ten have an e-mail address, the others a German number. */
const people = (mails: number): Send[] =>
  Array.from({ length: 240 }, (_, n) => {
    const contact = n % 10 < mails ? mail(`p${n}@gmail.com`) : phone(`+49151${10_000_000 + n * 37_003}`, 'DE');
    return send(start + n * 6 * minute + ((n * 7919) % 360) * 1000, true, { address: `81.${n}.7.1`, ...contact });
  });

/** One machine writes to mailboxes from 31 of its own networks, or from all. */
const mailFrom =
  (networks: number, domain: (n: number) => string): Flood =>
  (n) => ({
    address: normalizeAddress(`2001:db8:7:${(n % networks).toString(16)}::1`),
    ...mail(`m${n}@${domain(n)}`),
  });
/** A thousand machines in as many networks pump text messages to all prefixes of a country. */
const pump =
  (country: (n: number) => string): Flood =>
  (n) => ({
    address: `10.${(n >> 8) % 4}.${n % 250}.1`,
    ...phone(`+371${2_000_000 + ((n * 7919) % 900_000) * 7}`, country(n)),
  });

/** The day under these limits: how many people are refused, and how many codes are paid for. */
async function day(requests: readonly Send[], sends: LimitOptions['sends'] = {}) {
  const limits = createRateLimits(memoryStore(), hash, 600, { sends });
  const seen = { refused: 0, sent: 0 };
  for (const { at, honest, who } of [...requests].sort((one, other) => one.at - other.at)) {
    const { granted } = await limits.send(who, at);
    if (granted) seen.sent += 1;
    else if (honest) seen.refused += 1;
  }
  return seen;
}

/** Without the limits of networks, mail domains and types of contact. */
const without = { network: false, mailDomain: false, contactType: false } as const;

describe('fewer than 5 of 240 people are refused in the day of a fraudster who', () => {
  const own = mailFrom(31, () => 'evil.example');
  const many = mailFrom(65_536, (n) => `evil${n}.example`);
  const gmail = mailFrom(65_536, () => 'gmail.com');
  const days: [string, Send[]][] = [
    ['sends e-mail from 31 networks of one IPv6 /48', flood(300, own)],
    ['sends e-mail from a whole /48 to a domain of its own for each', flood(300, many)],
    ['sends e-mail from a whole /48 to a large provider', flood(300, gmail)],
    [
      'sends e-mail from a /48, and has text messages pumped to one country',
      [
        ...flood(300, gmail),
        ...flood(
          500,
          pump(() => 'LV'),
        ),
      ],
    ],
    [
      'pumps text messages to one country',
      flood(
        500,
        pump(() => 'LV'),
      ),
    ],
  ];
  it.each(days)(
    '%s',
    async (name, requests) => {
      const { refused, sent } = await day([...requests, ...people(3)]);
      console.info(`${name}: ${refused} of 240 refused, ${sent} codes`);
      expect(refused).toBeLessThan(5);
      expect(sent).toBeLessThanOrEqual(5000);
    },
    60_000,
  );
});

it('would refuse more than half of them without the limits of networks, mail domains and types of contact', async () => {
  const requests = [
    ...flood(
      300,
      mailFrom(31, () => 'evil.example'),
    ),
    ...flood(
      500,
      pump(() => 'LV'),
    ),
    ...people(3),
  ];
  expect((await day(requests, without)).refused).toBeGreaterThan(120);
});

it('people with an e-mail address are served while text messages are pumped to every country', async () => {
  const requests = [
    ...flood(
      500,
      pump((n) => `X${n % 70}`),
    ),
    ...people(10),
  ];
  expect((await day(requests)).refused).toBe(0);
});

describe('a mobile carrier with 3,000 people behind one /24', () => {
  /** 250 an hour, each with a number of their own; of ten, `right` type the code. Returns how many are refused. */
  async function carrier(right: number): Promise<number> {
    const limits = createRateLimits(memoryStore(), hash, 600);
    let refused = 0;
    for (let n = 0; n < 3000; n += 1) {
      const at = start + (n * hour) / 250;
      const number = phone(`+4915${String((n * 7_654_321) % 1_000_000_000).padStart(9, '0')}`, 'DE');
      const who: LimitSubject = { purpose: 'contact', subject: null, address: `203.0.113.${n % 256}`, ...number };
      if (!(await limits.send(who, at)).granted) refused += 1;
      else if (n % 10 < right) {
        const attempt = await limits.check(who, `VE${n}`, at + 1000);
        if (attempt.granted) await attempt.resetFailures();
      }
    }
    return refused;
  }

  it('meets no refusal if nine of ten type the right code', async () => {
    expect(await carrier(9)).toBe(0);
  });

  it('gets 600 codes if nobody does', async () => {
    expect(await carrier(0)).toBe(2400);
  });
});

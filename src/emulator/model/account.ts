/** The state of one emulated account, in memory and bounded. No routes, no rules. */
import { Deliveries } from './deliveries.js';
import { Entities } from './entities.js';
import { randomCode, seededSid } from './identifiers.js';
import { Faults } from './faults.js';
import { defaultAssumptions } from './options.js';
import { Outbox } from './outbox.js';
import { logToConsole, type Log } from './own-error.js';
import { RefusedValue } from './refused-value.js';
import { RateLimits } from './rate-limits.js';
import { openService } from './service.js';
import { Verifications } from './verifications.js';
import type { Assumptions, EmulatorOptions, ServiceOptions } from './options.js';
import type { Service } from './service.js';
import type { VerificationAttempt } from './verification.js';

/** What a client authenticates with: the auth token, or an API key and its secret. */
export interface Credentials {
  accountSid: string;
  authToken: string;
  apiKey: string;
  apiSecret: string;
}

/** A call that reached the emulator. `status` is 0 if the emulator sent no response; `at` is its clock's time in ms. */
export interface Call {
  method: string;
  path: string;
  to?: string;
  status: number;
  at: number;
}

/** One account with its services, verifications and records. */
export interface Account {
  readonly options: EmulatorOptions;
  readonly assume: Assumptions;
  readonly credentials: Credentials;
  readonly apiKeys: { sid: string; secret: string }[];
  readonly seeded: { contact: string; twoFactor: string };
  /** The code of a new verification to a destination. */
  readonly newCode: (to: string, length: number) => string;
  readonly retention: { messages: number; calls: number; attempts: number; verifications: number };
  readonly log: Log;
  readonly clock: { advance(seconds: number): void; now(): number; reset(): void };
  readonly deliveries: Deliveries;
  readonly outbox: Outbox;
  readonly faults: Faults;
  readonly calls: Call[];
  readonly services: Map<string, Service>;
  readonly verifications: Verifications;
  readonly entities: Entities;
  readonly attempts: VerificationAttempt[];
  readonly rateLimits: RateLimits;
  readonly safeList: Map<string, { sid: string; phoneNumber: string }>;
  /** The send that is in flight to each contact. */
  readonly sending: Map<string, Call>;
}

/** Creates the account that the options describe. */
export function createAccount(options: EmulatorOptions): Account {
  const apiKeys = options.apiKeys ?? [{ sid: seededSid('SK', 1), secret: 'emulator-api-secret' }];
  const [apiKey] = apiKeys;
  const retention = { messages: 1000, calls: 10_000, attempts: 10_000, verifications: 1000, ...options.retention };
  const assume = { ...defaultAssumptions, ...options.assume };
  const account: Account = {
    options,
    assume,
    retention,
    apiKeys,
    credentials: {
      accountSid: options.accountSid ?? seededSid('AC', 1),
      authToken: options.authToken ?? 'emulator-auth-token',
      apiKey: apiKey?.sid ?? '',
      apiSecret: apiKey?.secret ?? '',
    },
    seeded: {
      contact: options.services?.[0]?.sid ?? seededSid('VA', 1),
      twoFactor: options.services?.[1]?.sid ?? seededSid('VA', 2),
    },
    newCode: codeSource(options, assume),
    clock: adjustableClock(options.now ?? Date.now),
    log: options.log ?? logToConsole,
    deliveries: new Deliveries(options.deliveries),
    outbox: new Outbox(retention.messages),
    faults: new Faults(),
    calls: [],
    services: new Map(),
    verifications: new Verifications(assume.emailCaseSensitive, retention.verifications),
    entities: new Entities(assume.unverifiedFactorHours),
    attempts: [],
    rateLimits: new RateLimits(),
    safeList: new Map(),
    sending: new Map(),
  };
  resetAccount(account);
  return account;
}

/** Empties the account and creates its services again. */
export function resetAccount(account: Account): void {
  account.clock.reset();
  account.deliveries.clear();
  account.outbox.clear();
  account.faults.clear();
  account.verifications.clear();
  account.entities.clear();
  account.rateLimits.clear();
  account.safeList.clear();
  account.services.clear();
  account.sending.clear();
  account.calls.length = 0;
  account.attempts.length = 0;
  const { services = [] } = account.options;
  const defaults: ServiceOptions[] = [{ sid: account.seeded.contact }, { sid: account.seeded.twoFactor }];
  for (const service of [...defaults, ...services]) {
    account.services.set(service.sid, openService(service, account.clock.now()));
  }
}

/** Appends to a list, and drops its oldest tenth when it is full. */
export function appendBounded<T>(list: T[], item: T, limit: number): void {
  list.push(item);
  if (list.length > limit) list.splice(0, Math.ceil(limit / 10));
}

/** A fixed code is given out where Twilio could have made it: by a service whose codes have as many digits. */
function codeSource(
  { fixedCode = {}, random = randomCode }: EmulatorOptions,
  { emailCaseSensitive }: Assumptions,
): Account['newCode'] {
  const key = (to: string) => (emailCaseSensitive ? to : to.toLowerCase());
  const byDestination = new Map(
    typeof fixedCode === 'string' ? [] : Object.entries(fixedCode).map(([to, code]) => [key(to), code]),
  );
  return (to, length) => {
    const fixed = typeof fixedCode === 'string' ? fixedCode : byDestination.get(key(to));
    return fixed?.length === length ? fixed : random(length);
  };
}

/** Dates in Twilio's answers have years of four digits, and some are a day or a year ahead. */
const EARLIEST = Date.parse('0001-01-01T00:00:00Z');
const LATEST = Date.parse('9998-12-31T23:59:59Z');

function adjustableClock(now: () => number): Account['clock'] {
  let offset = 0;
  return {
    advance(seconds) {
      const moved = offset + seconds * 1000;
      const time = now() + moved;
      if (!(time >= EARLIEST && time <= LATEST))
        throw new RefusedValue(
          'The clock must stay between the years 1 and 9998: other years have no date in an answer.',
        );
      offset = moved;
    },
    now: () => now() + offset,
    reset: () => void (offset = 0),
  };
}

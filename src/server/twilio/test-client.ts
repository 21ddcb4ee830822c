/** Answers for test contacts in place of Twilio: sends nothing, knows a fixed code, and takes as long as Twilio does. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { CodeService, TestService, VerifyService } from '../options/verify-services.js';
import type { TwilioCallEvent, TwilioOperation } from './call-event.js';
import { TwilioError } from './errors.js';
import type { VerifyClient } from './verify-client.js';

/** How many calls of each kind are remembered. */
const REMEMBERED = 64;
/** Milliseconds, until there was a call. */
const USUAL_TIME = 250;

/** How long Twilio has taken of late. */
interface CallTimes {
  note(event: TwilioCallEvent): void;
  /** The time of one of the latest calls, chosen at random. */
  sample(operation: TwilioOperation): number;
}

/** Remembers the latest calls that were answered. */
export function createCallTimes(random: () => number = Math.random): CallTimes {
  const times: Record<string, number[]> = {};
  return {
    note({ operation, outcome, milliseconds }) {
      if (outcome !== 'answered') return;
      const latest = (times[operation] ??= []);
      latest.push(milliseconds);
      if (latest.length > REMEMBERED) latest.shift();
    },
    sample(operation) {
      const latest = times[operation] ?? [];
      return latest[Math.floor(random() * latest.length)] ?? USUAL_TIME;
    },
  };
}

/** What the answers are made from. */
interface TestAnswers {
  /** The code of a test contact, or undefined if it is none or has ended. */
  codeOf(to: string): string | undefined;
  times: CallTimes;
  wait(milliseconds: number): Promise<void>;
}

const isTest = (service: CodeService): service is TestService =>
  service === 'test-contact' || service === 'test-two-factor';

/** The client, and beside it the services of the test contacts. What the limits count and what is recorded stays the same. */
export function withTestContacts(
  client: VerifyClient,
  { codeOf, times, wait }: TestAnswers,
): VerifyClient<VerifyService | TestService> {
  return {
    ...client,
    async send(service, to, ...more) {
      if (!isTest(service)) return await client.send(service, to, ...more);
      await wait(times.sample('send'));
      return { sid: `test-${randomBytes(16).toString('hex')}`, sends: 1, age: 0 };
    },
    async check(service, sid, to, code) {
      if (!isTest(service)) return await client.check(service, sid, to, code);
      await wait(times.sample('check'));
      const expected = codeOf(to);
      if (expected === undefined) throw new TwilioError('rejected', 'the test contact has ended', { status: 404 });
      return timingSafeEqual(hash(code), hash(expected)) ? 'approved' : 'pending';
    },
    findPending: async (service, to) => (isTest(service) ? null : await client.findPending(service, to)),
    cancel: async (service, sid) => (isTest(service) ? undefined : await client.cancel(service, sid)),
    // It answers at once, so that no check goes unanswered.
    wasConverted: async (service, sid) => (isTest(service) ? false : await client.wasConverted(service, sid)),
    delivery: async (service, verification, attempt) =>
      isTest(service) ? 'unknown' : await client.delivery(service, verification, attempt),
    settings: (service) => client.settings(isTest(service) ? 'contact' : service),
  };
}

const hash = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Checks the options of the host and makes the backend's context from them, once. */
import { createTestContacts } from '../contacts/test-contacts.js';
import { createCircuitBreaker } from '../twilio/circuit-breaker.js';
import { createClientAddressResolver } from '../http/client-address.js';
import { checkTestContacts, warnOfPastEntries } from './check-test-contacts.js';
import type { BackendContext } from './context.js';
import { defaults } from './defaults.js';
import { logFaultsToStderr, describeError, type BackendEvent } from './events.js';
import { importKeys } from '../tokens/key-ring.js';
import { createRateLimits } from '../limits/rate-limits.js';
import { checkOptions } from '../options/check-options.js';
import { handlerOptions } from '../options/handler.js';
import { endOf } from '../options/test-contacts.js';
import { judgeAddress } from '../options/safe-address.js';
import type { HandlerOptions, InternalOptions } from './options.js';
import { ProblemError } from '../../protocol/problem-error.js';
import { createRecords } from '../store/records.js';
import { memoryStore } from '../store/memory.js';
import type { TwilioCallEvent } from '../twilio/call-event.js';
import { createSendOptions } from '../twilio/send-options.js';
import { createCallTimes, withTestContacts } from '../twilio/test-client.js';
import { twilioDefaults } from '../twilio/twilio-options.js';
import { createVerifyClient, type VerifyClient } from '../twilio/verify-client.js';

/** The options as they were checked. Throws a `TypeError` of one sentence for the first that is wrong, missing or unknown. */
function checkHandlerOptions(options: InternalOptions): InternalOptions {
  // `wait` is not public, so no sentence names it.
  const { wait, ...publicOptions } = options ?? {};
  if (wait === undefined) return checkOptions('', handlerOptions, options as HandlerOptions);
  return { ...checkOptions('', handlerOptions, publicOptions), wait };
}

/**
 * Checks the options and makes the context. Throws a `TypeError` that says in one sentence what is missing
 * or wrong. Bad keys reject the promise.
 */
export function createContext(given: InternalOptions): {
  backend: Promise<BackendContext>;
  verifyClient: VerifyClient;
  emit: BackendContext['emit'];
} {
  const options = checkHandlerOptions(given);
  const emit = safeEmitter(options.onEvent ?? logFaultsToStderr);
  const now = options.now ?? Date.now;
  const breakers = {
    contact: createCircuitBreaker(now),
    'two-factor': createCircuitBreaker(now),
    'long-code': createCircuitBreaker(now),
  };
  const times = createCallTimes();
  const onCall = (event: TwilioCallEvent) => {
    times.note(event);
    emit(event);
  };
  const verifyClient = createVerifyClient(options.twilio, { breakers, onCall, now });
  const buildSendOptions = createSendOptions(options.twilio);
  const store = options.store ?? memoryStore();
  const channels = options.channels ?? defaults.channels;
  const address = createClientAddressResolver(options.clientAddress);
  if (options.twilio.baseUrl !== undefined && judgeAddress(options.twilio.baseUrl) === 'plain') {
    emit({
      type: 'warning',
      hint: 'twilio.allowHttp is on: anybody between this server and twilio.baseUrl can read the secret of the Twilio account and every number.',
    });
  }
  const entries = options.testContacts ?? [];
  const testContacts = createTestContacts(entries, endOf, now);
  warnOfPastEntries(entries, now(), emit);
  const wait = options.wait ?? ((milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds)));
  const backend = importKeys(options.keys).then(async (keyRing): Promise<BackendContext> => {
    if (testContacts.isOn()) await checkTestContacts(entries, { options, channels });
    const { hmac } = keyRing;
    const lifetime = options.twilio.lifetime ?? twilioDefaults.lifetime;
    const longCodes = options.twilio.longCodeService !== undefined;
    return {
      options,
      channels,
      policy: { ...defaults.twoFactor, ...options.twoFactor },
      issuer: options.issuer ?? defaults.issuer,
      proofLifetime: {
        contact: options.contactProofLifetime ?? defaults.contactProofLifetime,
        'two-factor': options.twoFactorProofLifetime ?? defaults.twoFactorProofLifetime,
      },
      codeLength: options.twilio.codeLength ?? twilioDefaults.codeLength,
      longCodes,
      codeLifetimeMs: lifetime * 1000,
      callDeadlineMs: (options.twilio.timeout ?? twilioDefaults.timeout) + 10_000,
      keyRing,
      store,
      records: createRecords(store, hmac),
      limits: createRateLimits(store, hmac, lifetime, options.limits, { channels, longCodes }),
      verifyClient: withTestContacts(verifyClient, {
        times,
        wait,
        codeOf: (value) => testContacts.find({ value })?.code,
      }),
      testContacts,
      sendParameters: (who, channel) => buildSendOptions(who, channel, hmac),
      address,
      emit,
      now,
      wait,
      async callHost(component, call) {
        try {
          return await call();
        } catch (error) {
          emit({ type: 'unavailable', component, reason: describeError(error) });
          throw new ProblemError('unavailable');
        }
      },
    };
  });
  return { backend, verifyClient, emit };
}

/** Emits events to the host. An error in the host's logger must not fail a verification. */
function safeEmitter(onEvent: (event: BackendEvent) => unknown): (event: BackendEvent) => void {
  return (event) => {
    try {
      // An `async` function rejects later, and an unhandled rejection would end the process.
      void Promise.resolve(onEvent(event)).catch(() => undefined);
    } catch {
      // There is nowhere left to report it.
    }
  };
}

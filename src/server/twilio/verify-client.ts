/** Twilio Verify and Lookup as the calls that the backend makes. It decides nothing and never repeats a call. */
import type { Channel, DeliveryResult } from '../../protocol/schemas.js';
import { MissingPackageError } from '../runtime/optional-package.js';
import type { TwilioCallEvent, TwilioOperation } from './call-event.js';
import type { CircuitBreaker } from './circuit-breaker.js';
import { TwilioError } from './errors.js';
import {
  parseCheck,
  parseConversion,
  parseDelivery,
  parseLineType,
  parseService,
  parseVerification,
  type SentVerification,
  type ServiceSettings,
} from './responses.js';
import { fetchTransport } from './fetch-transport.js';
import { createSdkClients, UNREADABLE, type SdkClients } from './sdk-client.js';
import { parseServices, twilioDefaults, type TwilioOptions, type VerifyService } from './twilio-options.js';
import { createUndiciTransport } from './undici-transport.js';

/** The calls of the backend. Each rejects with {@link TwilioError} only. `S` is what a code may come from. */
export interface VerifyClient<S = VerifyService> {
  /** Sends a code. While a verification of this destination is active, it is the same code. `more` holds further parameters, named as the SDK names them. */
  send(service: S, to: string, channel: Channel, locale?: string, more?: object): Promise<SentVerification>;
  /** The active verification of a destination, or null. */
  findPending(service: S, to: string): Promise<SentVerification | null>;
  /** Cancels a verification. Succeeds too if it is already gone. */
  cancel(service: S, sid: string): Promise<void>;
  /** Twilio's status after the check. Only `approved` is a success; after a wrong code it is `pending`. */
  check(service: S, sid: string, to: string, code: string): Promise<string>;
  /** The line type of a number in Lookup's word: `unknown` if Lookup has none, `invalid` if the number does not exist. */
  lineType(to: string): Promise<string>;
  /** Whether a verification that may be gone was approved. */
  wasConverted(service: S, sid: string): Promise<boolean>;
  /** What became of one message (VL…) of a verification. A failure says nothing of Twilio's other routes, so no breaker counts it. */
  delivery(service: S, verification: string, attempt: string): Promise<DeliveryResult['delivery']>;
  /** How a Verify service is set up, as far as the API says. */
  settings(service: S): Promise<ServiceSettings>;
  /** Loads the SDK now instead of with the first call. Calls nobody. */
  prepare(): Promise<void>;
  close(): Promise<void>;
}

/** What watches the calls: nothing, unless it is given. */
interface CallOptions {
  breakers?: Record<VerifyService, CircuitBreaker>;
  /** Called after each call that the breaker admitted. It must not throw. */
  onCall?: (event: TwilioCallEvent) => void;
  /** Milliseconds since 1970. Default `Date.now`. */
  now?: () => number;
}

/** Connects to Twilio with the first call. Throws a `TypeError` that names the option that is missing or malformed. */
export function createVerifyClient(
  options: TwilioOptions,
  { breakers, onCall, now = Date.now }: CallOptions = {},
): VerifyClient {
  const services = parseServices(options);
  const { accountSid } = options;
  const owner = (service: VerifyService) => ({ accountSid, serviceSid: services[service] });
  // A service has connections of its own, so that calls for another one cannot keep them all busy.
  const contact = connect(options, services.contact, now);
  const connections = {
    contact,
    'two-factor': connect(options, services['two-factor'], now),
    'long-code': services['long-code'] === services.contact ? contact : connect(options, services['long-code'], now),
  };
  const allConnections = [...new Set(Object.values(connections))];

  /** Makes one call: asks the breaker, takes the time, and turns every failure into a {@link TwilioError}. */
  async function callTwilio<T>(
    service: VerifyService,
    operation: TwilioOperation,
    call: (clients: SdkClients) => Promise<T>,
    breaker: CircuitBreaker | null | undefined = breakers?.[service],
  ): Promise<T> {
    const connection = connections[service];
    breaker?.enter();
    const startedAt = now();
    let failure: TwilioError | undefined;
    try {
      return await call(connection.loaded ?? (await connection.load()));
    } catch (error) {
      throw (failure = withoutSecrets(error));
    } finally {
      breaker?.leave(failure);
      const milliseconds = Math.max(0, now() - startedAt);
      onCall?.({ type: 'twilio-call', operation, outcome: failure?.kind ?? 'answered', milliseconds });
    }
  }

  return {
    send: (service, to, channel, locale, more) =>
      callTwilio(service, 'send', async ({ main }) => {
        const params = { ...more, to, channel, ...(locale === undefined ? {} : { locale }) };
        const sent = parseVerification(await main.service.verifications.create(params), { ...owner(service), to });
        if (!sent) throw new TwilioError('mismatched', 'a status that no new verification has');
        return sent;
      }),
    findPending: (service, to) =>
      callTwilio(service, 'lookup', async ({ lookup }) => {
        const response = await unlessGone(lookup.service.verifications(encodeURIComponent(to)).fetch());
        return response && parseVerification(response, { ...owner(service), to });
      }),
    cancel: (service, sid) =>
      callTwilio(service, 'cancel', async ({ main }) => {
        const response = await unlessGone(main.service.verifications(sid).update({ status: 'canceled' }));
        if (response && parseVerification(response, { ...owner(service), sid }))
          throw new TwilioError('mismatched', 'a verification that is still pending');
      }),
    check: (service, sid, to, code) =>
      callTwilio(service, 'check', async ({ main }) => {
        const response = await main.service.verificationChecks.create({ verificationSid: sid, code });
        // The channel is not compared: Twilio names the last one, and an SMS may have become RCS.
        return parseCheck(response, { ...owner(service), sid, to });
      }),
    lineType: (to) =>
      callTwilio('contact', 'lookup', async ({ lookup }) => {
        const number = lookup.client.lookups.v2.phoneNumbers(encodeURIComponent(to));
        return parseLineType(await number.fetch({ fields: 'line_type_intelligence' }), to);
      }),
    wasConverted: (service, sid) =>
      callTwilio(service, 'lookup', async ({ lookup }) => {
        const { serviceSid } = owner(service);
        const params = { verificationSid: sid, verifyServiceSid: serviceSid, pageSize: 20 };
        // One page, since a verification has five sends at most. `list` would follow the address of the next page to any host.
        const { instances } = await lookup.client.verify.v2.verificationAttempts.page(params);
        return parseConversion(instances, { ...owner(service), sid });
      }),
    delivery: (service, verificationSid, sid) => {
      const read = async ({ lookup }: SdkClients): Promise<DeliveryResult['delivery']> => {
        const response = await unlessGone(lookup.client.verify.v2.verificationAttempts(sid).fetch());
        return response ? parseDelivery(response, { ...owner(service), verificationSid, sid }) : 'unknown';
      };
      return callTwilio(service, 'lookup', read, null);
    },
    settings: (service) =>
      callTwilio(service, 'lookup', async ({ lookup }) => {
        const { accountSid, serviceSid: sid } = owner(service);
        return parseService(await lookup.service.fetch(), { accountSid, sid });
      }),
    prepare: async () => void (await Promise.all(allConnections.map((one) => one.load()))),
    close: async () => void (await Promise.all(allConnections.map((one) => one.close()))),
  };
}

/** The connections to one Verify service. `loaded` is undefined before the first `load`. */
interface ServiceConnection {
  loaded: SdkClients | undefined;
  load(): Promise<SdkClients>;
  close(): Promise<void>;
}

function connect(options: TwilioOptions, service: string, now: () => number): ServiceConnection {
  const transport = options.transport ? fetchTransport(options.transport) : createUndiciTransport();
  const timeout = options.timeout ?? twilioDefaults.timeout;
  let loading: Promise<SdkClients> | undefined;
  return {
    loaded: undefined,
    async load() {
      loading ??= createSdkClients(options, service, transport, timeout, now).catch((error: unknown) => {
        // The next call tries again.
        loading = undefined;
        const missing = error instanceof MissingPackageError;
        throw new TwilioError('not-sent', missing ? error.message : 'the twilio package cannot be loaded');
      });
      return (this.loaded = await loading);
    },
    close: () => transport.close(),
  };
}

/** Twilio's answer, or null if the verification is gone (404). */
async function unlessGone<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof TwilioError && error.status === 404) return null;
    throw error;
  }
}

/** Any failure as an error of ours: the SDK's own errors hold credentials and the number, and must never reach a log. */
function withoutSecrets(error: unknown): TwilioError {
  if (error instanceof TwilioError) return error;
  // A mistake in a program, ours or the SDK's. Twilio may have acted before it.
  if (error instanceof TypeError || error instanceof ReferenceError || error instanceof RangeError)
    return new TwilioError('indeterminate', `a mistake in the program: ${error.name}`);
  // The SDK parses successful answers itself and throws what JSON.parse throws: the call may have succeeded.
  return new TwilioError('indeterminate', UNREADABLE);
}

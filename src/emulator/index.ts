/**
 * An emulator of Twilio Verify v2 that runs in memory, for tests, the demo and the command line.
 * It sends no messages, imports nothing else of this package, and is not made by Twilio.
 */
import { createAccount, resetAccount, type Account } from './model/account.js';
import { controlPlane } from './control/control-plane.js';
import { createRouter } from './api/router.js';
import { FaultOptions } from './options/fault-schemas.js';
import {
  ClockBody,
  DeliveryBody,
  FactorSelection,
  Options,
  OutboxSelection,
  ServiceBody,
  ServiceChanges,
} from './options/schemas.js';
import { checked } from './options/validation.js';
import { RefusedValue } from './model/refused-value.js';
import { unfitCodeWith } from './model/fixed-code.js';
import { contradictionIn, openService, settingsOf, type Service } from './model/service.js';
import { summaryOf } from './model/entities.js';
import type { Emulator } from './model/emulator.js';
import type { EmulatorOptions } from './model/options.js';

export type { Emulator };
export type { Call, Credentials } from './model/account.js';
export type { Delivery, DeliveryStatus } from './model/deliveries.js';
export type { FactorFilter, FactorSummary } from './model/entities.js';
export type { Fault, FaultKind, QueuedFault } from './model/faults.js';
export type { Assumptions, EmulatorOptions, LineType, ServiceOptions, Template } from './model/options.js';
export type { OutboxFilter, OutboxMessage } from './model/outbox.js';
export type { VerificationSummary } from './model/verifications.js';
export { controlPlane };

/**
 * Creates an emulated account with two services and an empty outbox, unless the options say otherwise.
 * Throws a `TypeError` of one sentence for an unknown option and for a wrong value.
 */
export function createEmulator(options: EmulatorOptions = {}): Emulator {
  const given = checked(Options, options, 'createEmulator');
  const account = createAccount(given);
  const respond = createRouter(account);
  const { clock, faults } = account;
  const emulator: Emulator = {
    fetch(request) {
      const isControl = given.control === true && /^\/__emulator(\/|$)/.test(new URL(request.url).pathname);
      return isControl ? control(request) : respond(request);
    },
    outbox: {
      list: (filter = {}) => account.outbox.list(checked(OutboxSelection, filter, 'The filter')),
      latest: (to, serviceSid) => account.outbox.latest(to, serviceSid),
      clear: () => account.outbox.clear(),
      subscribe: (listener) => account.outbox.subscribe(listener),
    },
    deliveries: {
      set(to, status) {
        const delivery = checked(DeliveryBody, { to, status }, 'The delivery');
        account.deliveries.set(delivery.to, delivery.status);
      },
      list: () => account.deliveries.list(),
      clear: () => account.deliveries.clear(),
    },
    clock: {
      now: clock.now,
      advance: (seconds) => clock.advance(checked(ClockBody, { advance: seconds }, 'The clock').advance),
    },
    faults: {
      add: (fault) => faults.add(checked(FaultOptions, fault, 'The fault')),
      list: () => faults.list(),
      remove: (id) => faults.remove(id),
      clear: () => faults.clear(),
    },
    verifications: { list: () => account.verifications.list(clock.now()) },
    factors: {
      async list(filter = {}) {
        const selection = checked(FactorSelection, filter, 'The filter');
        const now = clock.now();
        return Promise.all(account.entities.factors(selection, now).map((one) => summaryOf(one, now)));
      },
    },
    async totp(identity) {
      const [newest] = await emulator.factors.list({ identity, limit: 1 });
      return newest?.code;
    },
    calls: account.calls,
    listServices: () => [...account.services.values()].map(settingsOf),
    addService(options) {
      const settings = checked(ServiceBody, options, 'The service');
      if (account.services.has(settings.sid)) throw new RefusedValue(`There is a service ${settings.sid} already.`);
      const service = openService(settings, clock.now());
      refuseContradiction(account, service);
      account.services.set(service.sid, service);
    },
    configureService(sid, changes) {
      const settings = checked(ServiceChanges, changes, 'The service');
      const service = account.services.get(sid);
      if (!service) throw new RefusedValue(`The emulated account has no service ${sid}.`);
      refuseContradiction(account, { ...service, ...settings });
      Object.assign(service, settings);
    },
    reset: () => resetAccount(account),
    credentials: account.credentials,
    services: account.seeded,
  };
  const control = controlPlane(emulator, given.allowedHosts, account.log);
  return emulator;
}

/** Settings that contradict each other, or a code that the options fix, would silently do nothing. */
function refuseContradiction(account: Account, service: Service): void {
  const sentence = contradictionIn(service) ?? unfitCodeWith(account, service);
  if (sentence !== undefined) throw new RefusedValue(sentence);
}

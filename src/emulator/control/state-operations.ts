/** The operations that change how the emulator behaves: clock, faults, services, and the way back to the start. */
import { z } from 'zod';
import type { QueuedFault } from '../model/faults.js';
import { FaultRequest } from '../options/fault-schemas.js';
import { ClockBody, ServiceBody, ServiceChanges, sidText } from '../options/schemas.js';
import { strict } from '../options/validation.js';
import { controlProblem } from './control-response.js';
import { operation } from './operation.js';
import { wholeInQuery } from './query-values.js';
import { ClockResource, CredentialsResource, Done, FaultResource, Identified, ServiceResource } from './resources.js';

export const stateOperations = {
  'GET /clock': operation({
    summary: 'Read the clock',
    returns: ClockResource,
    run: ({ clock }) => ({ now: new Date(clock.now()).toISOString() }),
  }),
  'POST /clock': operation({
    summary: 'Advance the clock, or set it back with negative seconds',
    body: ClockBody,
    bodyName: 'The clock',
    returns: ClockResource,
    run({ clock }, { body }) {
      clock.advance(body.advance);
      return { now: new Date(clock.now()).toISOString() };
    },
  }),
  'GET /faults': operation({
    summary: 'List the faults that wait, oldest first',
    returns: z.array(FaultResource),
    run: ({ faults }) => faults.list().map(faultResource),
  }),
  'POST /faults': operation({
    summary: 'Add a fault for the next calls that match',
    body: FaultRequest,
    bodyName: 'The fault',
    status: 201,
    returns: Identified,
    run: ({ faults }, { body }) => ({
      id: faults.add({ ...body, times: body.times === null ? Infinity : body.times }),
    }),
  }),
  'DELETE /faults': operation({
    summary: 'Remove all faults',
    returns: Done,
    run({ faults }) {
      faults.clear();
      return {};
    },
  }),
  'DELETE /faults/{id}': operation({
    summary: 'Remove one fault',
    path: strict({ id: wholeInQuery(1, 9_999_999_999) }),
    returns: Done,
    run: ({ faults }, { path: { id } }) =>
      faults.remove(id) ? {} : controlProblem(404, `No fault ${id} waits: it was removed, or it has applied.`),
  }),
  'GET /services': operation({
    summary: 'List the services with all their settings',
    returns: z.array(ServiceResource),
    run: (emulator) => emulator.listServices(),
  }),
  'POST /services': operation({
    summary: 'Create a service with a sid of your own',
    body: ServiceBody,
    bodyName: 'The service',
    status: 201,
    returns: ServiceResource,
    run(emulator, { body }) {
      emulator.addService(body);
      return emulator.listServices().find((one) => one.sid === body.sid);
    },
  }),
  'PATCH /services/{sid}': operation({
    summary: 'Change what Twilio keeps in its console',
    path: strict({ sid: sidText('VA') }),
    body: ServiceChanges,
    bodyName: 'The service',
    returns: ServiceResource,
    run(emulator, { path, body }) {
      const isThis = (one: { sid: string }) => one.sid === path.sid;
      if (!emulator.listServices().some(isThis)) return controlProblem(404, `There is no service ${path.sid}.`);
      emulator.configureService(path.sid, body);
      return emulator.listServices().find(isThis);
    },
  }),
  'GET /credentials': operation({
    summary: 'Read what a client signs in with, and the sids of the two services',
    returns: CredentialsResource,
    run: ({ credentials, services }) => ({ ...credentials, services }),
  }),
  'POST /reset': operation({
    summary: 'Restore the state of the start',
    returns: Done,
    run(emulator) {
      emulator.reset();
      return {};
    },
  }),
};

/** JSON has neither infinity nor regular expressions. */
function faultResource({ times = 1, path, remaining, ...fault }: QueuedFault): object {
  const finite = (value: number) => (value === Infinity ? null : value);
  const paths = path === undefined ? {} : { path: String(path) };
  return { ...fault, ...paths, times: finite(times), remaining: finite(remaining) };
}

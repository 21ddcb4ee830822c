/** All operations of the control plane by method and path: the one table that routes, lists and describes them. */
import { HealthResource, Index } from './resources.js';
import { controlJson } from './control-response.js';
import { messageOperations } from './message-operations.js';
import { operation, type ControlOperation } from './operation.js';
import { recordOperations } from './record-operations.js';
import { stateOperations } from './state-operations.js';
import { controlDocument } from './openapi.js';

/** The paths continue `/__emulator`. */
export const operations: Readonly<Record<string, ControlOperation>> = {
  'GET ': operation({
    summary: 'List what the control plane offers',
    returns: Index,
    run: () => ({
      name: 'The emulator of Twilio Verify',
      page: '/__emulator/',
      openapi: '/__emulator/openapi.json',
      operations: Object.entries(operations).map(([endpoint, { summary }]) => {
        const [method = '', path = ''] = endpoint.split(' ');
        return { method, path: `/__emulator${path}`, summary };
      }),
    }),
  }),
  'GET /health': operation({
    summary: 'Say that the emulator is ready',
    returns: HealthResource,
    run: () => ({ status: 'ok' }),
  }),
  'GET /openapi.json': operation({
    summary: 'Describe the control plane as an OpenAPI document',
    returns: 'application/json',
    run: () => controlJson(controlDocument(operations)),
  }),
  ...messageOperations,
  ...recordOperations,
  ...stateOperations,
};

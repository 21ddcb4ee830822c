/** The OpenAPI 3.1 document of the control plane, made from the schemas that check the requests. */
import { z } from 'zod';
import type { ControlOperation } from './operation.js';
import { ProblemResource } from './resources.js';

/** Describes these operations. */
export function controlDocument(operations: Readonly<Record<string, ControlOperation>>): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const [endpoint, operation] of Object.entries(operations)) {
    const [method = '', path = ''] = endpoint.split(' ');
    (paths[`/__emulator${path}`] ??= {})[method.toLowerCase()] = {
      operationId: operationId(method, path),
      ...described(operation),
    };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'The control plane of the emulator of Twilio Verify',
      version: '1',
      license: { name: 'MIT', identifier: 'MIT' },
      description:
        'For tests in any language: read the codes that were sent, move the clock, break calls. ' +
        'A request with an unknown name or a wrong value gets 400, and changes nothing. ' +
        'Only this machine, the host names that the owner allows and the emulator’s own page are answered.',
    },
    servers: [{ url: '/', description: 'The address of the emulator.' }],
    security: [{}],
    paths,
    components: { schemas: { Problem: jsonSchema(ProblemResource, 'output') } },
  };
}

/** `DELETE /faults/{id}` → `deleteFaultsId`. Generators of clients name their functions by it. */
function operationId(method: string, path: string): string {
  const words = path.match(/[a-z]+/gi) ?? ['index'];
  return method.toLowerCase() + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}

function described({ summary, path, query, body, takesBody, status, returns }: ControlOperation): object {
  const parameters = [...parametersOf(path, 'path'), ...parametersOf(query, 'query')];
  const content =
    typeof returns === 'string' ? { [returns]: {} } : { 'application/json': { schema: jsonSchema(returns, 'output') } };
  const requestBody = { required: true, content: { 'application/json': { schema: jsonSchema(body, 'input') } } };
  return {
    summary,
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(takesBody ? { requestBody } : {}),
    responses: {
      [status]: { description: 'It is done.', content },
      400: problem('The request has an unknown name or a wrong value. Nothing has changed.'),
      403: problem('Another host, or a page of another site.'),
      ...(parameters.some((one) => one.in === 'path') ? { 404: problem('There is no such thing.') } : {}),
      500: problem('A mistake of the emulator’s own. Its log says more.'),
    },
  };
}

interface Parameter {
  name: string;
  in: 'path' | 'query';
  required: boolean;
  schema: unknown;
}

function parametersOf(schema: z.ZodType, place: 'path' | 'query'): Parameter[] {
  const { properties = {}, required = [] } = jsonSchema(schema, 'input');
  return Object.entries(properties).map(([name, value]) => ({
    name,
    in: place,
    required: required.includes(name),
    schema: value,
  }));
}

function problem(description: string): object {
  return { description, content: { 'application/json': { schema: { $ref: '#/components/schemas/Problem' } } } };
}

function jsonSchema(schema: z.ZodType, io: 'input' | 'output') {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io });
  return rest;
}

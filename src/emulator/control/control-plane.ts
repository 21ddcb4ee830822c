/** The emulator's own routes under `/__emulator`. Twilio has no such routes. Never expose them to a network. */
import type { Emulator } from '../model/emulator.js';
import { logToConsole, ownError } from '../model/own-error.js';
import { RefusedValue } from '../model/refused-value.js';
import { unknownName } from '../options/validation.js';
import { isAllowedRequest } from './allowed-request.js';
import { controlJson, controlProblem } from './control-response.js';
import type { ControlOperation } from './operation.js';
import { operations } from './operations.js';
import { pageResponse } from './page-response.js';
import { readObject } from './read-object.js';

/**
 * Returns a handler to mount under `/__emulator` of any server. A request with an unknown name or a wrong value gets 400 with
 * a sentence, and changes nothing. The handler answers loopback hosts and `allowedHosts` only and sends no CORS headers:
 * another page in the same browser must not read codes, neither directly nor by DNS rebinding. `log` gets a line for a 500,
 * which is a mistake of the emulator's own; it writes to standard error by default.
 */
export function controlPlane(
  emulator: Emulator,
  allowedHosts: readonly string[] = [],
  log: (text: string) => void = logToConsole,
): (request: Request) => Promise<Response> {
  const allowed = new Set(allowedHosts.map((name) => name.toLowerCase()));
  return async (request) => {
    const url = new URL(request.url);
    if (!isAllowedRequest(request, url, allowed))
      return controlProblem(403, 'The control plane answers only its own machine and its own page.');
    const method = request.method === 'HEAD' ? 'GET' : request.method;
    const path = url.pathname.slice(url.pathname.indexOf('/__emulator') + '/__emulator'.length);
    const response = (method === 'GET' ? pageResponse(path) : undefined) ?? (await answer(request, url, method, path));
    if (request.method !== 'HEAD') return response;
    await response.body?.cancel();
    return new Response(null, response);
  };

  async function answer(request: Request, url: URL, method: string, path: string): Promise<Response> {
    const found = findOperation(method, path);
    if (found instanceof Response) return found;
    try {
      const raw = { path: found.params, query: queryOf(url), body: await readObject(request), signal: request.signal };
      const result = await found.operation.accept(raw)(emulator);
      return result instanceof Response ? result : controlJson(result, found.operation.status);
    } catch (error) {
      if (error instanceof RefusedValue) return controlProblem(400, error.message);
      log(ownError(method, `/__emulator${path}`, error));
      return controlProblem(500, 'The emulator made a mistake. Its log says more.');
    }
  }
}

/** The operation of a path with the values of its variables, or a response that says what there is instead. */
function findOperation(
  method: string,
  path: string,
): { operation: ControlOperation; params: Record<string, string> } | Response {
  const segments = path.split('/');
  const methods: string[] = [];
  for (const [endpoint, operation] of Object.entries(operations)) {
    const [other = '', pattern = ''] = endpoint.split(' ');
    const params = match(pattern.split('/'), segments);
    if (!params) continue;
    if (other === method) return { operation, params };
    methods.push(other);
  }
  if (methods.length === 0) return controlProblem(404, unknownName(`${method} ${path}`, Object.keys(operations)));
  const allow = methods.join(', ');
  return controlProblem(405, `This path has no ${method}. It has ${allow}.`, { Allow: allow });
}

function match(pattern: string[], segments: string[]): Record<string, string> | undefined {
  if (pattern.length !== segments.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, part] of pattern.entries()) {
    const segment = segments[index] ?? '';
    const [, name] = /^\{(\w+)\}$/.exec(part) ?? [];
    // What is percent-encoded is no identifier, and the schema of the path refuses it.
    if (name !== undefined) params[name] = segment;
    else if (part !== segment) return undefined;
  }
  return params;
}

/** The query's names and values. A name that is there twice has a list, which no schema takes. */
function queryOf({ searchParams }: URL): Record<string, unknown> {
  return Object.fromEntries(
    [...searchParams.keys()].map((name) => {
      const values = searchParams.getAll(name);
      return [name, values.length === 1 ? values[0] : values];
    }),
  );
}

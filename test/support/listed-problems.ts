/** Holds every answer of a backend against the list of its route, so that `openapi.json` lists whatever is answered. */
import { problems, type ProblemCode } from '../../src/protocol/problems.js';
import { routeProblems } from '../../src/protocol/route-problems.js';
import type { Handler, Problem } from '../../src/server/index.js';

const lists = new Map<string, readonly ProblemCode[]>(Object.entries(routeProblems));

/** The handler, which rejects when it would answer with a problem that its route does not list. */
export function expectListedProblem(handler: Handler): Handler {
  const checking = async (...[request, connection]: Parameters<Handler>): Promise<Response> => {
    const response = await handler(request, connection);
    if (response.headers.get('content-type') !== 'application/problem+json' || request.method === 'HEAD')
      return response;
    const { code } = (await response.clone().json()) as Problem;
    const route = new URL(request.url).pathname.split('/').at(-1) ?? '';
    if (!isListed(route, request.method, response.status, code))
      throw new Error(`${request.method} /${route} answered ${response.status} ${code}, which no list has.`);
    return response;
  };
  return Object.assign(checking, { ready: () => handler.ready(), close: () => handler.close() });
}

function isListed(route: string, method: string, status: number, code: ProblemCode): boolean {
  const list = lists.get(route);
  if (!list) return code === 'not-found' && status === 404;
  if (status === 405) return code === 'invalid-request';
  if (status !== problems[code].status) return false;
  return method === 'OPTIONS' ? code === 'forbidden-origin' : list.includes(code);
}

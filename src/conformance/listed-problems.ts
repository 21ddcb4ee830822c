/** Looks up in an OpenAPI document whether a route lists a problem. Follows references, and reads no other part of the document. */
import type { Answer } from './harness.js';

type Node = Record<string, unknown>;

/** What the lookup reads of an OpenAPI document. */
export interface OpenApi {
  paths?: Record<string, Node | undefined>;
}

/** Whether the document lists the problem for the route, method and status. A route that the document lacks lists nothing, and is not found. */
export function isListed(document: OpenApi, { method, path, status, code }: Answer): boolean {
  const route = document.paths?.[path];
  if (!route) return code === 'not-found';
  const resolve = (value: unknown): Node => resolveReference(document, value);
  // A method that the route does not have is answered like any other.
  const operation = resolve(route[method.toLowerCase()] ?? Object.values(route)[0]);
  const responses = resolve(operation.responses);
  const response = responses[String(status)] ?? responses.default;
  if (response === undefined) return false;
  const contents = Object.values(resolve(resolve(response).content));
  return contents.some((content) => allows(resolve, resolve(content).schema, code));
}

/** Whether a schema allows the code as the property `code`. A schema that does not speak of it allows each. */
function allows(resolve: (value: unknown) => Node, value: unknown, code: string): boolean {
  const schema = resolve(value);
  const list = (name: string) => (Array.isArray(schema[name]) ? (schema[name] as unknown[]) : undefined);
  const property = resolve(resolve(schema.properties).code);
  const some = list('anyOf') ?? list('oneOf');
  if (Array.isArray(property.enum) && !property.enum.includes(code)) return false;
  if (property.const !== undefined && property.const !== code) return false;
  if (some && !some.some((one) => allows(resolve, one, code))) return false;
  return (list('allOf') ?? []).every((one) => allows(resolve, one, code));
}

/** The object that a reference of the same document points to; an empty one for anything else. */
function resolveReference(document: object, value: unknown): Node {
  let node = value;
  for (let steps = 0; steps < 10 && isNode(node) && typeof node.$ref === 'string'; steps += 1) {
    const names = node.$ref.replace(/^#\//, '').split('/');
    node = names.reduce<unknown>((parent, name) => (isNode(parent) ? parent[unescape(name)] : undefined), document);
  }
  return isNode(node) ? node : {};
}

/** JSON Pointer (RFC 6901 section 4). */
const unescape = (name: string): string => name.replaceAll('~1', '/').replaceAll('~0', '~');

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null;

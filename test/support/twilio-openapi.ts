/**
 * Validates bodies against Twilio's own OpenAPI documents, for tests. The package with the documents is too large to
 * install, so `npm pack` fetches its tarball once into `.cache/`, and two files are extracted from it.
 */
import { execFile } from 'node:child_process';
import { access, mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Ajv, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';

const source = '@twilio/cli-core@8.3.2';
const names = ['twilio_verify_v2', 'twilio_lookups_v2'];
const cache = fileURLToPath(new URL('../../.cache/twilio-cli-core-8.3.2/', import.meta.url));
const run = promisify(execFile);

interface Document {
  paths: Record<string, Record<string, unknown>>;
}

/** One method of one path, and the names of the parameters that its query may have. */
export interface TwilioOperation {
  method: string;
  path: string;
  query: string[];
}

/** Twilio's documents, or the reason why they are not available. */
export interface TwilioDocuments {
  /** Why they are not available; undefined if they are. */
  missing?: string;
  /** Everything that the documents describe. */
  operations: TwilioOperation[];
  /** The ways in which a successful response does not match the documents. An undocumented response is one. */
  mismatches(method: string, path: string, status: number, body: unknown): string[];
}

/** Fetches the documents unless they are cached. Never rejects: `missing` says why there are none. */
export async function loadTwilioDocuments(): Promise<TwilioDocuments> {
  try {
    if (!(await exists(cache))) await fetchDocuments();
    const documents = await Promise.all(
      names.map(async (name) => JSON.parse(await readFile(join(cache, `${name}.json`), 'utf8')) as Document),
    );
    return validator(documents);
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    return { missing: `${source} could not be fetched (${reason})`, operations: [], mismatches: () => [] };
  }
}

async function fetchDocuments(): Promise<void> {
  const parent = join(cache, '..');
  await mkdir(parent, { recursive: true });
  const folder = await mkdtemp(join(parent, 'fetching-'));
  try {
    // On Windows the program is npm.cmd, which only a shell finds. No argument comes from outside.
    const npm = ['pack', source, '--silent', '--ignore-scripts', '--fetch-retries=1', '--fetch-timeout=10000'];
    await run('npm', npm, { cwd: folder, timeout: 25_000, shell: process.platform === 'win32' });
    const inside = 'package/src/services/twilio-api';
    const files = names.map((name) => `${inside}/${name}.json`);
    await run('tar', ['-xzf', 'twilio-cli-core-8.3.2.tgz', '--strip-components=4', ...files], { cwd: folder });
    await rm(join(folder, 'twilio-cli-core-8.3.2.tgz'));
    // Two test files may fetch at once. The second finds the folder already there, with the same content.
    await rename(folder, cache).catch(async (error: unknown) => {
      if (!(await exists(cache))) throw error;
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function validator(documents: Document[]): TwilioDocuments {
  const ajv = new Ajv({ strict: false, allErrors: true });
  formats.default(ajv);
  for (const format of ['uri-map', 'int32', 'int64', 'iso-country-code', 'phone-number']) ajv.addFormat(format, true);
  const routes = documents.flatMap((document, number) => {
    dropLoneNullables(document);
    ajv.addSchema(document, `document-${number}`);
    return Object.keys(document.paths).map((path) => ({
      path,
      id: `document-${number}`,
      operations: document.paths[path] ?? {},
      // A fixed path takes precedence over one with variables: /v2/Attempts/Summary is not /v2/Attempts/{Sid}.
      pattern: new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`),
    }));
  });
  routes.sort((one, other) => one.path.split('{').length - other.path.split('{').length);
  const compiled = new Map<string, ValidateFunction>();
  return {
    operations: documents.flatMap(operationsOf),
    mismatches(method, path, status, body) {
      const verb = method.toLowerCase();
      const route = routes.find((one) => one.pattern.test(path) && one.operations[verb] !== undefined);
      if (!route) return [`${method} ${path} is in no document of Twilio's`];
      const { responses } = route.operations[verb] as { responses: Record<string, { content?: unknown }> };
      const response = responses[String(status)];
      if (!response) return [`${method} ${route.path} never answers ${status}`];
      if (!response.content)
        return body === undefined ? [] : [`${method} ${route.path} answers ${status} without a body`];
      const pointer = ['paths', route.path, verb, 'responses', String(status), 'content', 'application/json', 'schema'];
      const ref = `${route.id}#/${pointer.map((part) => encodeURIComponent(part.replace(/~/g, '~0').replace(/\//g, '~1'))).join('/')}`;
      const validate = compiled.get(ref) ?? ajv.compile({ $ref: ref });
      compiled.set(ref, validate);
      const value = path.startsWith('/v2/PhoneNumbers/') ? withoutNulls(body) : body;
      return validate(value) ? [] : (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message}`);
    },
  };
}

function operationsOf({ paths }: Document): TwilioOperation[] {
  return Object.entries(paths).flatMap(([path, item]) =>
    ['get', 'post', 'put', 'delete']
      .filter((verb) => item[verb] !== undefined)
      .map((verb) => {
        const { parameters = [] } = item[verb] as { parameters?: { in: string; name: string }[] };
        const query = parameters.filter((one) => one.in === 'query').map(({ name }) => name);
        return { method: verb.toUpperCase(), path, query };
      }),
  );
}

/** Removes `nullable` without a `type`, which Twilio writes and Ajv rejects. It has no meaning there. */
function dropLoneNullables(node: unknown): void {
  if (typeof node !== 'object' || node === null) return;
  if ('nullable' in node && !('type' in node)) delete node.nullable;
  for (const child of Object.values(node)) dropLoneNullables(child);
}

/** Removes null fields. The Lookup document does not allow the nulls that its own examples contain, but allows absent fields. */
function withoutNulls(body: unknown): unknown {
  return JSON.parse(JSON.stringify(body, (_, value: unknown) => value ?? undefined));
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

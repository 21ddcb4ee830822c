/** `verify-contact/client` in a JavaScript engine of its own: a context without window, document, storage or events, with only the globals it is given. */
import { readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { createContext, Script, type Context } from 'node:vm';
import ts from 'typescript';

type Exports = Record<string, unknown>;

const compilerOptions = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.CommonJS };
const transpile = (file: string) => ts.transpileModule(readFileSync(file, 'utf8'), { compilerOptions }).outputText;

/** An engine with these globals besides the language's own. */
export class BareEngine {
  readonly #context: Context;
  readonly #modules = new Map<string, Exports>();

  constructor(globals: object) {
    this.#context = createContext({ ...globals });
  }

  /** The exports of a file. What it imports is loaded in the engine as well. */
  load(file: string): Exports {
    const known = this.#modules.get(file);
    if (known) return known;
    const module = { exports: {} as Exports };
    this.#modules.set(file, module.exports);
    const require = (path: string) => this.load(posix.join(posix.dirname(file), path.replace(/\.js$/, '.ts')));
    const run = this.evaluate(`(function (module, exports, require) { ${transpile(file)}\n})`, file) as (
      ...given: unknown[]
    ) => void;
    run(module, module.exports, require);
    return module.exports;
  }

  evaluate(code: string, filename = 'page.js'): unknown {
    return new Script(code, { filename }).runInContext(this.#context);
  }

  /** The files that `load` took. */
  get files(): string[] {
    return [...this.#modules.keys()];
  }
}

/** All files of the flow, which is what `verify-contact/client` consists of. */
export const flowFiles = readdirSync('src/flow').map((file) => `src/flow/${file}`);

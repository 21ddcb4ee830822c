/** Reads our own source with the TypeScript compiler, for the tests of its layout: files, imports and names. It judges nothing. */
import { readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** One import, static or dynamic, re-exports included. */
export interface Import {
  /** The importing file, from the root: `src/flow/http-client.ts`. */
  from: string;
  /** What it imports: a file from the root, or a package's name (`node:` kept, subpaths dropped). */
  to: string;
  own: boolean;
  /** `import type`, which leaves no trace in the output. */
  typeOnly: boolean;
  /** `import()`, which loads nothing before it runs. */
  lazy: boolean;
  /** The imported names; `*` for the whole module. */
  names: string[];
}

/** A use of a name that the platform declares, such as `setTimeout`. */
export interface GlobalUse {
  file: string;
  name: string;
  line: number;
}

/** A name that a file exports. */
export interface ExportedName {
  file: string;
  name: string;
  /** Whether this file declares it; if not, it re-exports it. */
  declared: boolean;
}

const folders = ['src', 'demo', 'test', 'scripts', 'bench'];

/** The TypeScript of `src`, `demo` and `test`, and all code of `scripts` and `bench`, parsed and bound. */
export class Source {
  readonly #program: ts.Program;
  readonly #identifiers = new Map<string, Set<string>>();

  constructor() {
    const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), (path) => ts.sys.readFile(path)) as {
      config: object;
    };
    const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
    const files = this.paths(...folders).filter((file) => isCode(file));
    this.#program = ts.createProgram(
      files.map((file) => join(root, file)),
      // Without resolving imports, no package is parsed; our own files are all there anyway.
      { ...options, allowJs: true, noResolve: true },
    );
  }

  /** Every file there is, from the root; what was installed is left out. */
  paths(...within: string[]): string[] {
    return within.flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => nameOf(join(entry.parentPath, entry.name)))
        .filter((file) => !file.includes('/node_modules/')),
    );
  }

  /** Paths of the parsed files, from the root, sorted. */
  files(...within: string[]): string[] {
    return this.#sources()
      .map(({ fileName }) => nameOf(fileName))
      .filter((file) => within.some((folder) => file === folder || file.startsWith(`${folder}/`)))
      .sort();
  }

  text(file: string): string {
    return this.#file(file).text;
  }

  imports(...within: string[]): Import[] {
    return this.files(...within).flatMap((file) => this.#importsOf(this.#file(file)));
  }

  exports(...within: string[]): ExportedName[] {
    const checker = this.#program.getTypeChecker();
    return this.files(...within).flatMap((file) => {
      const source = this.#file(file);
      const module = checker.getSymbolAtLocation(source);
      return (module ? checker.getExportsOfModule(module) : []).map(({ name, declarations = [] }) => {
        const declared = declarations.some((one) => one.getSourceFile() === source && !ts.isExportSpecifier(one));
        return { file, name, declared };
      });
    });
  }

  /** Whether the name occurs in the file as an identifier, whatever it means there. */
  mentions(file: string, name: string): boolean {
    let names = this.#identifiers.get(file);
    if (!names) {
      const found = new Set<string>();
      const visit = (node: ts.Node): void => {
        if (ts.isIdentifier(node)) found.add(node.text);
        ts.forEachChild(node, visit);
      };
      visit(this.#file(file));
      this.#identifiers.set(file, (names = found));
    }
    return names.has(name);
  }

  /** Uses of the named globals, without properties, parameters and imports of the same name. */
  globals(names: readonly string[], ...within: string[]): GlobalUse[] {
    const checker = this.#program.getTypeChecker();
    return this.#find(within, (node) => {
      if (!ts.isIdentifier(node) || !names.includes(node.text)) return undefined;
      const declarations = checker.getSymbolAtLocation(node)?.declarations ?? [];
      if (declarations.some((one) => isOwn(one.getSourceFile()))) return undefined;
      const isMember = ts.isPropertyAccessExpression(node.parent) && node.parent.name === node;
      const owner = isMember ? node.parent.expression.getText() : 'globalThis';
      return /^(globalThis|window|self|navigator)$/.test(owner) ? node.text : undefined;
    });
  }

  /** Places of a kind of syntax, with the text of each. */
  syntax(is: (node: ts.Node) => boolean, ...within: string[]): GlobalUse[] {
    return this.#find(within, (node) => (is(node) ? (node.getText().split('\n')[0] ?? '') : undefined));
  }

  #find(within: string[], nameIt: (node: ts.Node) => string | undefined): GlobalUse[] {
    const found: GlobalUse[] = [];
    for (const file of this.files(...within)) {
      const source = this.#file(file);
      const visit = (node: ts.Node): void => {
        const name = nameIt(node);
        if (name !== undefined) {
          found.push({ file, name, line: source.getLineAndCharacterOfPosition(node.getStart()).line + 1 });
        }
        ts.forEachChild(node, visit);
      };
      visit(source);
    }
    return found;
  }

  #importsOf(source: ts.SourceFile): Import[] {
    const imports: Import[] = [];
    const from = nameOf(source.fileName);
    const add = (specifier: ts.Node | undefined, typeOnly: boolean, lazy = false, names = ['*']) => {
      if (!specifier || !ts.isStringLiteralLike(specifier)) return;
      const own = specifier.text.startsWith('.');
      const path = own ? relative(root, join(dirname(source.fileName), specifier.text)).replace(/\.js$/, '.ts') : '';
      imports.push({ from, to: own ? path : packageOf(specifier.text), own, typeOnly, lazy, names });
    };
    const visit = (node: ts.Node): void => {
      if (ts.isImportDeclaration(node)) {
        const bindings = node.importClause?.namedBindings;
        const named = bindings && ts.isNamedImports(bindings) ? bindings.elements : undefined;
        const names = named?.filter((one) => !one.isTypeOnly).map((one) => (one.propertyName ?? one.name).text);
        add(node.moduleSpecifier, node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword, false, names);
      }
      if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, node.isTypeOnly);
      if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add(node.argument.literal, true);
      if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
        add(node.arguments[0], false, true);
      }
      ts.forEachChild(node, visit);
    };
    visit(source);
    return imports;
  }

  #sources(): ts.SourceFile[] {
    return this.#program.getSourceFiles().filter((source) => isOwn(source));
  }

  #file(file: string): ts.SourceFile {
    const source = this.#program.getSourceFile(join(root, file));
    if (!source) throw new Error(`There is no ${file} in the program.`);
    return source;
  }
}

function isOwn(source: ts.SourceFile): boolean {
  return isCode(nameOf(source.fileName));
}

function isCode(file: string): boolean {
  return /^(src|demo|test|scripts|bench)\/(?!.*node_modules\/).*\.ts$|^(scripts|bench)\/(?!.*node_modules\/).*\.js$/.test(
    file,
  );
}

function nameOf(path: string): string {
  return relative(root, path).replaceAll('\\', '/');
}

function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

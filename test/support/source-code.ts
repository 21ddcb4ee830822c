/** Reads our own source with the TypeScript compiler for the tests about the house: files, imports and names, no judgement. */
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
  /** The names brought in; `*` where it is the whole module. */
  names: string[];
}

/** A use of a name that we did not declare: the platform's, as `setTimeout`. */
export interface GlobalUse {
  file: string;
  name: string;
  line: number;
}

/** Everything under `src`, `demo` and `test`, parsed and bound. */
export class Source {
  readonly #program: ts.Program;

  constructor() {
    const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), (path) => ts.sys.readFile(path)) as {
      config: object;
    };
    const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
    this.#program = ts.createProgram(ownFiles(), options);
  }

  /** Paths from the root, sorted. */
  files(...folders: string[]): string[] {
    return this.#sources()
      .map(nameOf)
      .filter((file) => folders.some((folder) => file === folder || file.startsWith(`${folder}/`)))
      .sort();
  }

  text(file: string): string {
    return this.#file(file).text;
  }

  imports(...folders: string[]): Import[] {
    return this.files(...folders).flatMap((file) => this.#importsOf(this.#file(file)));
  }

  /** Uses of the named globals; a property, parameter or import of the same name is none. */
  globals(names: readonly string[], ...folders: string[]): GlobalUse[] {
    const checker = this.#program.getTypeChecker();
    return this.#find(folders, (node) => {
      if (!ts.isIdentifier(node) || !names.includes(node.text)) return undefined;
      const declarations = checker.getSymbolAtLocation(node)?.declarations ?? [];
      if (declarations.some((one) => isOwn(one.getSourceFile()))) return undefined;
      const isMember = ts.isPropertyAccessExpression(node.parent) && node.parent.name === node;
      const owner = isMember ? node.parent.expression.getText() : 'globalThis';
      return /^(globalThis|window|self|navigator)$/.test(owner) ? node.text : undefined;
    });
  }

  /** Places of a kind of syntax, with the text of each. */
  syntax(is: (node: ts.Node) => boolean, ...folders: string[]): GlobalUse[] {
    return this.#find(folders, (node) => (is(node) ? (node.getText().split('\n')[0] ?? '') : undefined));
  }

  #find(folders: string[], nameIt: (node: ts.Node) => string | undefined): GlobalUse[] {
    const found: GlobalUse[] = [];
    for (const file of this.files(...folders)) {
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
    const from = nameOf(source);
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

function ownFiles(): string[] {
  return ['src', 'demo', 'test'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => join(root, folder, file)),
  );
}

function isOwn(source: ts.SourceFile): boolean {
  return /^(src|demo|test)\/.*\.ts$/.test(nameOf(source));
}

function nameOf(source: ts.SourceFile): string {
  return relative(root, source.fileName).replaceAll('\\', '/');
}

function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

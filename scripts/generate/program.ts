/** The source as the compiler reads it: exports with their types and docstrings. It writes nothing. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

/** The root of the repository, without a slash at its end. */
export const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

/** The front doors of the package, whose exports are its interface. */
export const doors = {
  'verify-contact': 'src/index.ts',
  'verify-contact/client': 'src/flow/index.ts',
  'verify-contact/server': 'src/server/index.ts',
  'verify-contact/server/node': 'src/server/node.ts',
  'verify-contact/emulator': 'src/emulator/index.ts',
  'verify-contact/emulator/node': 'src/emulator/node.ts',
} as const;

/** One line of a class or interface, or one case of a union. */
export interface Member {
  name: string;
  /** As the source writes it. */
  type: string;
  optional: boolean;
  readonly: boolean;
  method: boolean;
  text: string;
}

let program: ts.Program | undefined;

/** Parsed once for all who ask. */
export function theProgram(): ts.Program {
  if (program) return program;
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), (path) => ts.sys.readFile(path)) as {
    config: object;
  };
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const files = Object.values(doors).map((file) => join(root, file));
  return (program = ts.createProgram(files, { ...options, allowJs: false }));
}

/** What a file exports, in its own order. Names brought along from elsewhere are followed to where they are declared. */
export function exportsOf(file: string): ts.Symbol[] {
  const checker = theProgram().getTypeChecker();
  const source = theProgram().getSourceFile(join(root, file));
  const module = source && checker.getSymbolAtLocation(source);
  if (!module) throw new Error(`There is no module ${file}.`);
  return checker
    .getExportsOfModule(module)
    .map((one) => (one.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(one) : one));
}

/** The docstring, on one line a paragraph. */
export function textOf(symbol: ts.Symbol): string {
  const text = ts.displayPartsToString(symbol.getDocumentationComment(theProgram().getTypeChecker()));
  return text.replace(/\{@link (\w+)\}/g, '`$1`').replace(/(?<!\n)\n(?!\n)/g, ' ');
}

/** The members that a page or host may use: no private and no static one, none of the framework's. */
export function membersOf(symbol: ts.Symbol): Member[] {
  return (symbol.flags & ts.SymbolFlags.Interface ? inherited(symbol) : [...(symbol.members?.values() ?? [])]).flatMap(
    asMembers,
  );
}

/** All that an interface has, also by those that it extends. A class is left to itself: it would bring the whole of `HTMLElement`. */
const inherited = (symbol: ts.Symbol) => theProgram().getTypeChecker().getDeclaredTypeOfSymbol(symbol).getProperties();

function asMembers(member: ts.Symbol): Member[] {
  const declaration = member.declarations?.[0];
  if (!declaration || !isOpen(declaration)) return [];
  const setter = member.declarations?.some(ts.isSetAccessorDeclaration);
  const modifiers = ts.getCombinedModifierFlags(declaration);
  const within = partsOf(declaration);
  const text = textOf(member);
  const parts = within.map((one) => ({ ...one, name: `${member.name}.${one.name}` }));
  if (parts.length > 0 && !text) return parts;
  return [
    {
      name: member.name,
      type: parts.length > 0 ? 'object' : typeOf(member, declaration),
      optional: Boolean(member.flags & ts.SymbolFlags.Optional),
      readonly: ts.isGetAccessor(declaration) ? !setter : Boolean(modifiers & ts.ModifierFlags.Readonly),
      method: ts.isMethodDeclaration(declaration) || ts.isMethodSignature(declaration),
      text,
    },
    ...parts,
  ];
}

/** The members of a type that is written out in place, if they have something to say of themselves. */
function partsOf(declaration: ts.Declaration): Member[] {
  const written = 'type' in declaration ? (declaration.type as ts.TypeNode | undefined) : undefined;
  if (!written || !ts.isTypeLiteralNode(written)) return [];
  const checker = theProgram().getTypeChecker();
  const parts = checker.getTypeFromTypeNode(written).getProperties().flatMap(asMembers);
  return parts.some(({ text }) => text) ? parts : [];
}

function isOpen(declaration: ts.Declaration): boolean {
  const kinds = [
    ts.isPropertyDeclaration,
    ts.isPropertySignature,
    // Of a schema, whose type is inferred.
    ts.isPropertyAssignment,
    ts.isMethodDeclaration,
    ts.isMethodSignature,
    ts.isGetAccessor,
  ];
  if (!kinds.some((is) => is(declaration))) return false;
  const name = ts.getNameOfDeclaration(declaration);
  const closed = ts.ModifierFlags.Private | ts.ModifierFlags.Protected | ts.ModifierFlags.Override;
  return !(name && ts.isPrivateIdentifier(name)) && !(ts.getCombinedModifierFlags(declaration) & closed);
}

/** The type in the source's own words, else in the compiler's. */
export function typeOf(symbol: ts.Symbol, declaration: ts.Declaration): string {
  const checker = theProgram().getTypeChecker();
  const written = 'type' in declaration ? (declaration.type as ts.TypeNode | undefined) : undefined;
  if (written && !ts.isFunctionLike(declaration)) return oneLine(written.getText());
  const type = checker.getTypeOfSymbolAtLocation(symbol, declaration);
  return checker.typeToString(type, declaration, ts.TypeFormatFlags.NoTruncation);
}

/** Source text without its comments and line breaks. */
export function oneLine(text: string): string {
  return text
    .replace(/\/\*[^]*?\*\//g, '')
    .replace(/\s+/g, ' ')
    .trim();
}

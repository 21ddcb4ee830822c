/** The attributes that each framework would set on an element, read from a component's source by the framework's own parser. */
import { parseTemplate, TmplAstElement, type AST } from '@angular/compiler';
import { parse as parseSvelte } from 'svelte/compiler';
import ts from 'typescript';
import { parse as parseVue } from 'vue/compiler-sfc';
import type { State } from '../../demo/page/playground/state.js';

type Attributes = State['attributes'];
type Reader = (code: string, tag: string) => Attributes;

/** True for a flag, however the parser represents it. */
const text = (value: string | true | undefined) => (value === '' || value === undefined ? true : value);

/** Reads the compiler's output, since the parser does not decode entities. */
const jsx: Reader = (code, tag) => {
  const compilerOptions = { jsx: ts.JsxEmit.React, jsxFactory: 'h', target: ts.ScriptTarget.ES2022 };
  const { outputText } = ts.transpileModule(code, { fileName: 'App.tsx', compilerOptions });
  const found: Record<string, string | true> = {};
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && node.expression.getText() === 'h') {
      const [name, set] = node.arguments;
      if (name && ts.isStringLiteral(name) && name.text === tag && set && ts.isObjectLiteralExpression(set)) {
        for (const one of set.properties) {
          if (!ts.isPropertyAssignment(one) || !(ts.isStringLiteral(one.name) || ts.isIdentifier(one.name))) continue;
          if (ts.isStringLiteral(one.initializer)) found[one.name.text] = one.initializer.text;
          if (one.initializer.kind === ts.SyntaxKind.TrueKeyword) found[one.name.text] = true;
        }
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('App.js', outputText, ts.ScriptTarget.ES2022, true));
  return found;
};

const vue: Reader = (code, tag) => {
  const nodes = parseVue(code).descriptor.template?.ast?.children ?? [];
  const props = nodes.flatMap((node) => ('tag' in node && node.tag === tag ? node.props : []));
  return Object.fromEntries(props.flatMap((one) => ('value' in one ? [[one.name, text(one.value?.content)]] : [])));
};

const svelte: Reader = (code, tag) => {
  const { nodes } = parseSvelte(code, { modern: true }).fragment;
  const all = nodes.flatMap((node) => (node.type === 'RegularElement' && node.name === tag ? node.attributes : []));
  const found: Record<string, string | true> = {};
  for (const one of all) {
    if (one.type !== 'Attribute' || one.name.startsWith('on')) continue;
    const parts = one.value === true ? [] : [one.value].flat();
    found[one.name] = text(parts.map((part) => (part.type === 'Text' ? part.data : '(an expression)')).join(''));
  }
  return found;
};

const angular: Reader = (code, tag) => {
  const template = /template: (`(?:\\.|[^`\\])*`)/.exec(code)?.[1] ?? '';
  const literal = ts.createSourceFile('template.ts', template, ts.ScriptTarget.ES2022, true).statements[0];
  if (!literal || !ts.isExpressionStatement(literal) || !ts.isNoSubstitutionTemplateLiteral(literal.expression)) {
    throw new Error(`The template is no plain text: ${template}`);
  }
  const { nodes } = parseTemplate(literal.expression.text, 'app.html');
  const element = nodes.find((node) => node instanceof TmplAstElement && node.name === tag) as
    TmplAstElement | undefined;
  return Object.fromEntries([
    ...(element?.attributes ?? []).map(({ name, value }) => [name, text(value)] as const),
    ...(element?.inputs ?? []).map(({ name, value }) => [name, constant(value)] as const),
  ]);
};

/** The text of an interpolation whose expressions are all string literals. */
function constant(value: AST): string {
  const { ast } = value as AST & { ast: { strings: string[]; expressions: { value?: unknown }[] } };
  const [first = '', ...rest] = ast.strings;
  return first + ast.expressions.map((one, index) => `${String(one.value)}${rest[index] ?? ''}`).join('');
}

/** By the playground's name of the framework. */
export const readers: Record<Exclude<State['page'], 'HTML'>, Reader> = {
  React: jsx,
  Preact: jsx,
  Solid: jsx,
  Vue: vue,
  Svelte: svelte,
  Angular: angular,
};

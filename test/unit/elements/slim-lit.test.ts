/** The templates of the elements use only those parts of Lit that the script tag's file keeps. */
import { readFileSync } from 'node:fs';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { Source } from '../../support/source-code.js';

/** What `scripts/build/slim-lit.ts` removes, as it would read in a template in which `§` is a value. */
const removed: Record<string, RegExp> = {
  'a value in the place of an attribute': /<[^<>]*\s§/,
  'a value inside a comment': /<!--/,
  'an element whose content is not parsed': /<(script|style|textarea|title)\b/i,
};

/** Every `html` template in these files. */
function templatesIn(files: readonly string[]): string[] {
  return files.flatMap((file) => {
    const found: string[] = [];
    const visit = (node: ts.Node): void => {
      if (ts.isTaggedTemplateExpression(node) && node.tag.getText() === 'html') {
        const { template } = node;
        found.push(
          ts.isNoSubstitutionTemplateLiteral(template)
            ? template.text
            : [template.head.text, ...template.templateSpans.map(({ literal }) => literal.text)].join('§'),
        );
      }
      ts.forEachChild(node, visit);
    };
    visit(ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true));
    return found;
  });
}

describe('the templates', () => {
  const files = new Source().files('src/elements');
  const templates = templatesIn(files);

  it.each(Object.entries(removed))('contain no %s', (_, pattern) => {
    expect(templates.length).toBeGreaterThan(10);
    expect(templates.filter((template) => pattern.test(template))).toEqual([]);
  });

  it('use no directive, and no template of SVG or MathML', () => {
    const users = files.filter((file) => /'lit\/|\b(svg|mathml)`/.test(readFileSync(file, 'utf8')));
    expect(users).toEqual([]);
  });
});

describe('the classes', () => {
  const files = new Source().files('src/elements');

  it('override none of the methods that are removed', () => {
    const removedMethods =
      /\b(shouldUpdate|scheduleUpdate|firstUpdated|getUpdateComplete|performUpdate|enableUpdating|renderOptions|noChange)\b/;
    expect(files.length).toBeGreaterThan(10);
    expect(files.filter((file) => removedMethods.test(readFileSync(file, 'utf8')))).toEqual([]);
  });

  it('hand over controllers in their constructors only, and request an update without naming a property', () => {
    const all = files.map((file) => readFileSync(file, 'utf8')).join('\n');
    const requests = [...all.matchAll(/\brequestUpdate\(([^()]*)\)/g)].map(([, value]) => value);
    expect(requests.length).toBeGreaterThan(3);
    expect(new Set(requests)).toEqual(new Set(['']));
    for (const file of files) {
      const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
      const visit = (node: ts.Node, inside: boolean): void => {
        if (ts.isCallExpression(node) && node.expression.getText(source).endsWith('.addController'))
          expect(inside, file).toBe(true);
        ts.forEachChild(node, (child) => visit(child, inside || ts.isConstructorDeclaration(node)));
      };
      visit(source, false);
    }
  });

  it('listen with functions that do not use `this` of the listener', () => {
    const found = files.filter((file) => /@\w+=\$\{function/.test(readFileSync(file, 'utf8')));
    expect(found).toEqual([]);
  });
});

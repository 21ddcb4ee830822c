/** Describes the elements for tools: the Custom Elements Manifest, and the custom data with which an editor completes HTML and CSS. */
import { exportsOf, membersOf, textOf } from './program.js';
import type { ElementModel, Named } from './elements.js';

const published = (file: string): string => file.replace('src/', 'dist/').replace('.ts', '.js');
const described = ({ name, text }: Named) => ({ name, description: text });
const lit = { name: 'LitElement', package: 'lit' };

/** `custom-elements.json`, of schema 2.1.0 (github.com/webcomponents/custom-elements-manifest). */
export function manifest(elements: readonly ElementModel[]): object {
  return {
    schemaVersion: '2.1.0',
    readme: 'README.md',
    modules: [...elements.map(elementModule), eventsModule(), ...definitions(elements)],
  };
}

function elementModule(one: ElementModel): object {
  const path = published(one.file);
  const fields = [...one.properties, ...one.readings].map((member) => ({
    kind: 'field',
    name: member.name,
    ...(member.text && { description: member.text }),
    type: { text: member.type },
    ...(member.readonly && { readonly: true }),
    ...attributeOf(one, member.name),
  }));
  const methods = one.methods.map((member) => ({
    kind: 'method',
    name: member.name,
    ...(member.text && { description: member.text }),
    return: { type: { text: /=> (.*)$/.exec(member.type)?.[1] ?? 'void' } },
  }));
  const declaration = {
    kind: 'class',
    customElement: true,
    tagName: one.tag,
    name: one.className,
    description: one.text,
    superclass: lit,
    attributes: one.attributes.map((attribute) => ({
      ...described(attribute),
      type: { text: attribute.boolean ? 'boolean' : 'string' },
      ...(attribute.property && { fieldName: attribute.property }),
    })),
    members: [...fields, ...methods],
    events: one.events.map((event) => ({ ...described(event), type: { text: event.type } })),
    slots: one.slots.map(described),
    cssParts: one.parts.map(described),
    cssProperties: one.cssProperties.map((property) => ({
      ...described(property),
      ...(property.byDefault && { default: property.byDefault }),
    })),
    cssStates: one.states.map(described),
  };
  return javascript(path, [declaration]);
}

function attributeOf({ attributes }: ElementModel, property: string): object {
  const attribute = attributes.find((one) => one.property === property);
  return attribute ? { attribute: attribute.name } : {};
}

function eventsModule(): object {
  const events = exportsOf('src/index.ts').filter(({ name }) => name.endsWith('Event'));
  const declarations = events.map((event) => ({
    kind: 'class',
    name: event.name,
    description: textOf(event),
    superclass: { name: 'Event', package: 'global:' },
    members: membersOf(event).map(({ name, type }) => ({ kind: 'field', name, type: { text: type }, readonly: true })),
  }));
  return javascript('dist/elements/events/events.js', declarations);
}

function javascript(path: string, declarations: { name: string }[]): object {
  const exports = declarations.map(({ name }) => ({ kind: 'js', name, declaration: { name, module: path } }));
  return { kind: 'javascript-module', path, declarations, exports };
}

/** The module that registers each element. */
function definitions(elements: readonly ElementModel[]): object[] {
  return elements.map(({ tag, className, file }) => ({
    kind: 'javascript-module',
    path: `dist/define/${tag}.js`,
    declarations: [],
    exports: [
      { kind: 'custom-element-definition', name: tag, declaration: { name: className, module: published(file) } },
    ],
  }));
}

/** `html-custom-data.json` of VS Code. */
export function htmlData(elements: readonly ElementModel[]): object {
  return {
    version: 1.1,
    tags: elements.map((one) => ({
      name: one.tag,
      description: one.text,
      attributes: one.attributes.map((attribute) => ({
        ...described(attribute),
        ...(attribute.boolean && { valueSet: 'v' }),
      })),
    })),
  };
}

/** `css-custom-data.json` of VS Code. */
export function cssData(elements: readonly ElementModel[]): object {
  const properties = new Map(elements.flatMap((one) => one.cssProperties.map((property) => [property.name, property])));
  return { version: 1.1, properties: [...properties.values()].map(described) };
}

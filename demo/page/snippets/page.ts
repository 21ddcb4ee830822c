/** The code of a page for each framework, for the state of the playground. Pure. */
import { propertiesRule, type State } from '../playground/state.js';

/** One file of code. */
export interface Snippet {
  title: string;
  code: string;
}

/** The files that the state needs: the page, and the theme if one is chosen. */
export function pageSnippets(state: State, themes: Readonly<Record<State['theme'], string>>): Snippet[] {
  const page = { title: titles[state.page], code: writers[state.page](state) };
  const hasTheme = state.theme === 'ledger' || state.theme === 'candy';
  const rule = propertiesRule(state);
  return [
    page,
    ...(hasTheme ? [{ title: `${state.theme}.css`, code: themes[state.theme].trim() }] : []),
    ...(rule ? [{ title: 'styles.css', code: rule }] : []),
  ];
}

const titles: Record<State['page'], string> = {
  HTML: 'index.html',
  React: 'App.tsx',
  Vue: 'App.vue',
  Svelte: 'App.svelte',
  Angular: 'app.ts',
  Solid: 'App.tsx',
  Preact: 'App.tsx',
};

/** The event that brings the proof. */
const eventOf = ({ element }: State) => (element === 'two-factor' ? 'two-factor-verified' : 'contact-verified');
const sent = `fetch('/proof', { method: 'POST', body: event.proof })`;

/** The opening tag on one line, or with one attribute per line if it is long. */
function opening(state: State, indent: string, ...more: string[]): string {
  const set = Object.entries(state.attributes).map(([name, value]) =>
    value === true ? name : `${name}="${escaped(value, state.page)}"`,
  );
  const all = [...set, ...more];
  const line = `<${[state.element, ...all].join(' ')}`;
  if (indent.length + line.length <= 76) return line;
  return `<${state.element}${all.map((one) => `\n${indent}  ${one}`).join('')}\n${indent}`;
}

/**
 * Escapes a value for an attribute's quotes, so that no part of it is read as code. Svelte starts an expression at one
 * brace. Angular starts one at two, and its template stands in a JavaScript literal.
 */
function escaped(text: string, page: State['page']): string {
  const special = page === 'Svelte' ? /[&"{]/g : page === 'Angular' ? /[&"`\\$]/g : /[&"]/g;
  const entities = text.replace(special, (one) => names[one] ?? `&#${one.charCodeAt(0)};`);
  // Angular decodes entities before it looks for braces.
  return page === 'Angular' ? entities.replaceAll('{{', `{{ '{{' }}`) : entities;
}

const names: Readonly<Record<string, string>> = { '&': '&amp;', '"': '&quot;' };

function component(state: State, framework: string, on: string): string {
  return `import 'verify-contact/define';
import type {} from 'verify-contact/${framework}';

export function App() {
  return (
    ${opening(state, '    ', `${on}${eventOf(state)}={(event) => ${sent}}`)} />
  );
}`;
}

const writers: Record<State['page'], (state: State) => string> = {
  HTML: (state) => `<script type="module" src="/assets/verify-contact.min.js"></script>

${opening(state, '')}></${state.element}>

<script type="module">
  document.querySelector('${state.element}').addEventListener('${eventOf(state)}', (event) => {
    ${sent};
  });
</script>`,
  React: (state) => component(state, 'react', 'on'),
  Preact: (state) => component(state, 'preact', 'on'),
  Solid: (state) => component(state, 'solid', 'on:'),
  Vue: (state) => `<script setup lang="ts">
import 'verify-contact/define';
import type { ${classOf(state)} } from 'verify-contact';
import type {} from 'verify-contact/vue';

const verified = (event: ${classOf(state)}) => ${sent};
</script>

<template>
  ${opening(state, '  ', `@${eventOf(state)}="verified"`)} />
</template>`,
  Svelte: (state) => `<script lang="ts">
  import 'verify-contact/define';
  import type {} from 'verify-contact/svelte';
</script>

${opening(state, '', `on${eventOf(state)}={(event) => ${sent}}`)}></${state.element}>`,
  Angular: (state) => `import 'verify-contact/define';
import { Component, CUSTOM_ELEMENTS_SCHEMA } from '@angular/core';
import type { ${classOf(state)} } from 'verify-contact';
import { ${directiveOf(state)} } from 'verify-contact/angular';

@Component({
  selector: 'app-root',
  imports: [${directiveOf(state)}],
  schemas: [CUSTOM_ELEMENTS_SCHEMA],
  template: \`
    ${opening(state, '    ', `(${eventOf(state)})="verified($event)"`)}></${state.element}>
  \`,
})
export class App {
  verified(event: ${classOf(state)}) {
    void ${sent};
  }
}`,
};

function classOf({ element }: State): string {
  return element === 'two-factor' ? 'TwoFactorVerifiedEvent' : 'ContactVerifiedEvent';
}

function directiveOf({ element }: State): string {
  return element === 'two-factor' ? 'TwoFactorElementDirective' : 'VerifyContactElementDirective';
}

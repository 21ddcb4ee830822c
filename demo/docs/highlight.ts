/** Highlights code at build time. The browser gets spans and loads no script. */
import hljs from 'highlight.js/lib/core';
import bash from 'highlight.js/lib/languages/bash';
import csharp from 'highlight.js/lib/languages/csharp';
import css from 'highlight.js/lib/languages/css';
import go from 'highlight.js/lib/languages/go';
import ini from 'highlight.js/lib/languages/ini';
import java from 'highlight.js/lib/languages/java';
import json from 'highlight.js/lib/languages/json';
import nginx from 'highlight.js/lib/languages/nginx';
import php from 'highlight.js/lib/languages/php';
import python from 'highlight.js/lib/languages/python';
import ruby from 'highlight.js/lib/languages/ruby';
import typescript from 'highlight.js/lib/languages/typescript';
import xml from 'highlight.js/lib/languages/xml';

const languages = { bash, csharp, css, go, ini, java, json, nginx, php, python, ruby, typescript, xml };
for (const [name, language] of Object.entries(languages)) hljs.registerLanguage(name, language);

/** Languages by the word after the fence, or by the file's extension. */
const names: Readonly<Record<string, keyof typeof languages>> = {
  ...{ sh: 'bash', env: 'bash', css: 'css', service: 'ini', ini: 'ini', json: 'json', conf: 'nginx', nginx: 'nginx' },
  ...{ py: 'python', ts: 'typescript', tsx: 'typescript', js: 'typescript', jsx: 'typescript' },
  ...{ cs: 'csharp', go: 'go', java: 'java', php: 'php', rb: 'ruby' },
  ...{ html: 'xml', vue: 'xml', svelte: 'xml' },
};

/** Returns the code as HTML, without colours if the language is unknown. */
export function highlight(code: string, name: string): string {
  const language = names[name];
  return language ? hljs.highlight(code, { language }).value : escape(code);
}

/** Escapes text for HTML. */
export const escape = (text: string) =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');

/** The page of the control plane, for people: `/__emulator/` and the files beside it. */
import { contentResponse } from './control-response.js';
import { pageFiles } from './page-files.js';

const types: Record<string, string> = {
  css: 'text/css; charset=utf-8',
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
};

/** The page loads from itself alone, and no text can become markup or a script. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

/** The file at this path under `/__emulator`, if the page has it. */
export function pageResponse(path: string): Response | undefined {
  const name = path === '/' ? 'page/page.html' : path.slice(1);
  const content = Object.hasOwn(pageFiles, name) ? pageFiles[name] : undefined;
  if (content === undefined) return undefined;
  const type = types[name.slice(name.lastIndexOf('.') + 1)] ?? 'text/plain; charset=utf-8';
  return contentResponse(content, type, { 'Content-Security-Policy': policy, 'Referrer-Policy': 'no-referrer' });
}

/** The rules of the house: what may import what, who may touch time, network and tags, and how every file begins. */
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { Source, type Import } from '../../support/source-code.js';

const source = new Source();
const browser = ['src/flow', 'src/elements', 'src/locales', 'src/index.ts', 'src/define.ts', 'src/define'];

/** Where each part may import from; a part that is not listed may not be there. */
const directions: Record<string, string[]> = {
  protocol: ['protocol'],
  flow: ['flow', 'protocol'],
  locales: ['locales', 'elements'],
  elements: ['elements', 'flow', 'locales', 'protocol'],
  'index.ts': ['elements', 'flow', 'locales', 'protocol'],
  define: ['define', 'elements'],
  'define.ts': ['define'],
  server: ['server', 'protocol'],
  emulator: ['emulator'],
  // It examines anybody's backend, ours too: what it shared with ours, it could not find wrong there.
  conformance: ['conformance', 'protocol'],
  cli: ['cli', 'server', 'emulator', 'conformance', 'protocol'],
  'cli.ts': ['cli', 'server', 'emulator'],
};

const part = (file: string) => file.split('/')[1] ?? '';
const arrow = ({ from, to }: Import) => `${from} → ${to}`;

describe('imports', () => {
  it('point one way: protocol ← flow ← elements ← index, define; protocol ← server ← cli', () => {
    const against = source
      .imports('src')
      .filter((one) => one.own && !(directions[part(one.from)] ?? []).includes(part(one.to)));
    expect(against.map(arrow)).toEqual([]);
  });

  it('never lead from the emulator to anything of ours: it plays another company', () => {
    const outside = source.imports('src/emulator').filter((one) => one.own && !one.to.startsWith('src/emulator/'));
    expect(source.files('src/emulator').length).toBeGreaterThan(0);
    expect(outside.map(arrow)).toEqual([]);
  });

  it('bring only types from the protocol into the browser, so that no validator lands in its bundle', () => {
    const values = source.imports(...browser).filter((one) => one.to.startsWith('src/protocol/') && !one.typeOnly);
    expect(values.map(arrow)).toEqual([]);
  });

  it('bring only types into the page of the control plane, which a browser loads as it is', () => {
    const values = source.imports('src/emulator/control/page').filter((one) => !one.typeOnly);
    expect(values.length).toBeGreaterThan(5);
    expect(values.filter(({ to }) => !to.startsWith('src/emulator/control/page/')).map(arrow)).toEqual([]);
  });

  it('bring no package into the browser but lit', () => {
    const packages = source.imports(...browser).filter((one) => !one.own && !one.typeOnly);
    const others = packages.filter((one) => one.to !== 'lit');
    expect(others.map(arrow)).toEqual([]);
  });

  it('bring in twilio in one file, which loads it when it is first needed', () => {
    const twilio = source.imports('src', 'demo').filter((one) => one.to === 'twilio');
    expect(new Set(twilio.map((one) => one.from))).toEqual(new Set(['src/server/twilio/sdk-client.ts']));
    expect(twilio.filter((one) => !one.lazy && !one.typeOnly)).toEqual([]);
  });

  it('run in no circle, types included', () => {
    const arrows = source.imports('src').filter((one) => one.own);
    const circles: string[] = [];
    const seen = new Set<string>();
    const walk = (file: string, way: string[]): void => {
      if (way.includes(file)) circles.push([...way.slice(way.indexOf(file)), file].join(' → '));
      if (seen.has(file)) return;
      seen.add(file);
      for (const { from, to } of arrows) if (from === file) walk(to, [...way, file]);
    };
    for (const { from } of arrows) walk(from, []);
    expect(seen.size).toBeGreaterThan(100);
    expect(circles).toEqual([]);
  });

  it('stay inside src where the package is made', () => {
    const outside = source.imports('src').filter((one) => one.own && !one.to.startsWith('src/'));
    expect(outside.map(arrow)).toEqual([]);
  });
});

describe('the platform', () => {
  it('gives timers to the controller alone', () => {
    const timers = ['setTimeout', 'setInterval', 'setImmediate', 'requestAnimationFrame', 'requestIdleCallback'];
    const uses = source.globals(timers, ...browser).filter(({ file }) => file !== 'src/flow/flow-controller.ts');
    expect(uses).toEqual([]);
  });

  it('gives the network to the client and to the pool to Twilio alone', () => {
    // The last one examines a backend from outside, which is its whole work.
    const reachers = [
      'src/flow/http-client.ts',
      'src/server/twilio/verify-client.ts',
      'src/server/twilio/undici-transport.ts',
      'src/server/twilio/fetch-transport.ts',
      'src/cli/conformance.ts',
      // A browser runs it: the page of the control plane asks the server that it came from.
      'src/emulator/control/page/requests.ts',
    ];
    const globals = ['fetch', 'XMLHttpRequest', 'WebSocket', 'EventSource', 'sendBeacon'];
    const clients = ['undici', 'axios', 'node:http2', 'node:tls', 'node:dns'];
    // What merely listens, or reads an address, imports by name and has none of these.
    const reaching = ['*', 'request', 'get', 'connect', 'createConnection', 'Socket', 'Agent'];
    const uses = source.globals(globals, 'src').filter(({ file }) => !reachers.includes(file));
    const imports = source.imports('src').filter((one) => {
      if (one.typeOnly || reachers.includes(one.from)) return false;
      const byName =
        ['node:http', 'node:https', 'node:net'].includes(one.to) && one.names.some((name) => reaching.includes(name));
      return byName || clients.includes(one.to);
    });
    expect(uses).toEqual([]);
    expect(imports.map(arrow)).toEqual([]);
  });

  it('gives the registry of custom elements to define.ts and its two halves alone', () => {
    const uses = source.globals(['customElements'], 'src').filter(({ file }) => !/^src\/define[./]/.test(file));
    expect(uses).toEqual([]);
  });
});

describe('every file', () => {
  const files = source.files('src', 'demo', 'test');

  it('says in its first line what it is, in a sentence', () => {
    const sentence = /^(#!.*\n)?\/\*\*\s+(\* )?[A-Z`<](?:(?!\*\/)[^])*[.:)]\s*\*\//;
    const silent = files.filter((file) => !sentence.test(source.text(file)));
    expect(silent).toEqual([]);
  });

  it('has 300 lines at most', () => {
    const long = files.filter((file) => source.text(file).split('\n').length > 301);
    expect(long).toEqual([]);
  });

  it('is free of any, enums, namespaces and parameter properties', () => {
    const found = source.syntax(
      (node) =>
        node.kind === ts.SyntaxKind.AnyKeyword ||
        ts.isEnumDeclaration(node) ||
        (ts.isModuleDeclaration(node) && ts.isIdentifier(node.name) && node.name.text !== 'global') ||
        (ts.isParameter(node) && ts.isParameterPropertyDeclaration(node, node.parent)),
      'src',
      'demo',
      'test',
    );
    expect(found).toEqual([]);
  });

  it('leaves nothing for later and hides nothing from the compiler', () => {
    // The words are put together here, so that this file passes its own test.
    const unfinished = new RegExp(`\\b(${['TO' + 'DO', 'FIX' + 'ME'].join('|')})\\b|@ts-(ign` + 'ore|nocheck)');
    expect(files.filter((file) => unfinished.test(source.text(file)))).toEqual([]);
  });
});

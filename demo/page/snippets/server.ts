/** The code of a server, for the state of the playground. Pure. */
import type { State } from '../playground/state.js';
import type { Snippet } from './page.js';

/** The backend, its mount and the verification of a proof. Next.js needs two files: a route's module may export nothing else. */
export function serverSnippets(state: State): Snippet[] {
  const backend = backendLines(state).join('\n');
  const mount = mounts[state.server].join('\n');
  const proof = check(state).join('\n');
  if (state.server !== 'Next.js') return [{ title: 'server.ts', code: [backend, mount, proof].join('\n\n') }];
  return [
    { title: 'lib/verify.ts', code: [backend, proof].join('\n\n') },
    { title: 'app/verify/[route]/route.ts', code: mount },
  ];
}

function backendLines({ server, element, policy }: State): string[] {
  const usesListener = server === 'Node' || server === 'Express' || server === 'Fastify';
  const isRoute = server === 'Next.js';
  return [
    ...imports[server],
    `import { createHandler, memoryAccounts, verifyProof } from 'verify-contact/server';`,
    ...(usesListener ? [`import { nodeListener } from 'verify-contact/server/node';`] : []),
    `import { keys, sessionOf, twilio } from '${isRoute ? './app' : './app.js'}';`,
    '',
    `const audience = 'https://shop.example';`,
    `${isRoute ? 'export ' : ''}const verify = createHandler({`,
    `  twilio,`,
    `  keys,`,
    `  audience,`,
    `  accounts: memoryAccounts(), // sqliteAccounts or postgresAccounts where they have to stay`,
    `  identify: (request) => sessionOf(request), // { id, secondFactor } or null`,
    ...(element === 'two-factor'
      ? [`  twoFactor: { required: '${policy}', email: true },`]
      : [`  anonymous: true, // people who sign up are not signed in yet`]),
    ...(isRoute
      ? [
          `  // A route sees no connection. Right where your proxy writes this header anew.`,
          `  clientAddress: (request) => request.headers.get('x-forwarded-for'),`,
        ]
      : []),
    `});`,
  ];
}

const imports: Record<State['server'], string[]> = {
  Node: [`import { createServer } from 'node:http';`],
  Express: [`import express from 'express';`],
  Hono: [`import { serve, type HttpBindings } from '@hono/node-server';`, `import { Hono } from 'hono';`],
  Fastify: [`import fastify from 'fastify';`],
  'Next.js': [],
};

const mounts: Record<State['server'], string[]> = {
  Node: [
    `const listener = nodeListener(verify);`,
    `createServer((request, response) => {`,
    `  if (request.url?.startsWith('/verify/')) return void listener(request, response);`,
    `  response.end('the rest of the site');`,
    `}).listen(8080);`,
  ],
  Express: [
    `const app = express();`,
    `app.use('/verify', nodeListener(verify)); // before any body parser`,
    `app.listen(8080);`,
  ],
  Hono: [
    `const app = new Hono<{ Bindings: HttpBindings }>();`,
    `app.all('/verify/*', (c) => verify(c.req.raw, { address: c.env.incoming.socket.remoteAddress }));`,
    `serve({ fetch: app.fetch, port: 8080 });`,
  ],
  Fastify: [
    `const app = fastify();`,
    `const listener = nodeListener(verify);`,
    `app.register(async (scope) => {`,
    `  scope.removeAllContentTypeParsers(); // the backend reads its bodies itself`,
    `  scope.addContentTypeParser('*', (request, payload, done) => done(null));`,
    `  scope.all('/verify/*', (request, reply) => {`,
    `    reply.hijack();`,
    `    return listener(request.raw, reply.raw);`,
    `  });`,
    `});`,
    `await app.listen({ port: 8080 });`,
  ],
  'Next.js': [
    `import { verify } from '../../../lib/verify';`,
    '',
    `export const GET = (request: Request) => verify(request);`,
    `export { GET as POST };`,
  ],
};

/** How the application's own route verifies the proof. */
function check({ element, attributes }: State): string[] {
  const { context } = attributes;
  const isSecond = element === 'two-factor';
  const expected = [
    `jwks: \`\${audience}/verify/jwks.json\``,
    'audience',
    `purpose: '${isSecond ? 'two-factor' : 'contact'}'`,
    isSecond ? 'subject: userId' : 'subject: null',
    ...(typeof context === 'string' ? [`context: ${JSON.stringify(context)}`] : []),
  ];
  const said = isSecond
    ? '/** Whoever is signed in has passed two-factor, if this does not throw. Keep `jti`: it serves once. */'
    : '/** The contact that was verified, if this does not throw. Keep `jti`: it serves once. */';
  return [
    said,
    `export async function proven(proof: string${isSecond ? ', userId: string' : ''}) {`,
    `  return verifyProof(proof, {`,
    ...expected.map((one) => `    ${one},`),
    `  });`,
    `}`,
  ];
}

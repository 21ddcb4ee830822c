/** Mounts the demo's host in Vite's server, so that page and host share one process and one port. */
import { getRequestListener } from '@hono/node-server';
import type { Plugin } from 'vite';
import { SettingsError } from '../../src/cli/settings/parse-settings.js';
import type * as DemoModule from './demo.js';

const hostPaths = /^\/(visitor$|(sign-up\/)?verify\/|session(\/|\?|$)|users(\?|$)|receipts\/|__emulator\/|__demo\/)/;

/** Creates the plugin. It ends the process with one sentence if the Twilio settings are incomplete. */
export function demoHost(): Plugin {
  return {
    name: 'demo-host',
    async configureServer(server) {
      const { createDemo } = (await server.ssrLoadModule('/host/demo.ts')) as Pick<typeof DemoModule, 'createDemo'>;
      const demo = await createDemo(process.env).catch((error: unknown) => {
        // Two loaders load the class twice, so `instanceof` fails. The name identifies it.
        if (!(error instanceof Error) || error.name !== SettingsError.name) throw error;
        console.error(error.message);
        process.exit(1);
      });
      const listener = getRequestListener(
        (request, { incoming }) => demo.fetch(request, { address: incoming.socket.remoteAddress }),
        { overrideGlobalObjects: false },
      );
      server.middlewares.use((request, response, next) => {
        if (!hostPaths.test(request.url ?? '')) return next();
        listener(request, response).catch(next);
      });
      server.printUrls = () => {
        const lines = [`The demo is on http://localhost:${server.config.server.port}`, demo.sentence];
        console.log(`\n${lines.map((line) => `  ${line}\n`).join('')}`);
      };
    },
  };
}

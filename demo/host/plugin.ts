/** Mounts the demo's host into Vite's server, so that page and host are one process on one port. */
import { getRequestListener } from '@hono/node-server';
import type { Plugin } from 'vite';
import { SettingsError } from '../../src/cli/settings/twilio-settings.js';
import type * as HostModule from './host.js';

const ours = /^\/((sign-up\/)?verify\/|session(\/|\?|$)|users(\?|$)|receipts\/|__emulator\/|__demo\/)/;

/** The plugin. With settings that are only half there it ends the process with one sentence. */
export function demoHost(): Plugin {
  return {
    name: 'demo-host',
    async configureServer(server) {
      const { createHost } = (await server.ssrLoadModule('/host/host.ts')) as Pick<typeof HostModule, 'createHost'>;
      const host = await createHost(process.env).catch((error: unknown) => {
        // Loaded by two loaders, the class is two classes: the name tells it.
        if (!(error instanceof Error) || error.name !== SettingsError.name) throw error;
        console.error(error.message);
        process.exit(1);
      });
      const listener = getRequestListener(
        (request, { incoming }) => host.fetch(request, { address: incoming.socket.remoteAddress }),
        { overrideGlobalObjects: false },
      );
      server.middlewares.use((request, response, next) => {
        if (!ours.test(request.url ?? '')) return next();
        listener(request, response).catch(next);
      });
      server.printUrls = () => {
        const { sentence, warning } = host.provider;
        const lines = [
          `The demo is on http://localhost:${server.config.server.port}`,
          sentence,
          ...(warning ? [warning] : []),
        ];
        console.log(`\n${lines.map((line) => `  ${line}\n`).join('')}`);
      };
    },
  };
}

/** Runs the built worker in workerd with Miniflare, as `wrangler dev` does. */
import { Miniflare } from 'miniflare';

const settings = Object.entries(process.env).filter(([name]) => name.startsWith('TWILIO_'));

const miniflare = new Miniflare({
  host: '127.0.0.1',
  port: Number(process.env.PORT ?? 8080),
  modules: [{ type: 'ESModule', path: 'dist/worker.js' }],
  compatibilityDate: '2025-12-01',
  compatibilityFlags: ['nodejs_compat'],
  bindings: Object.fromEntries(settings),
  assets: { directory: 'dist/assets', binding: 'ASSETS', routerConfig: { has_user_worker: true } },
});
await miniflare.ready;

/** Builds the page. In development, proxies the server's routes to the server. */
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';

const isCustomElement = (tag: string) => tag === 'verify-contact' || tag === 'two-factor';

// The routes of the backend and of the application: examples/servers/express answers them.
const routes = ['/verify', '/session', '/sign-up', '/sign-in', '/second-factor', '/sign-out'];
const proxy = Object.fromEntries(routes.map((route) => [route, 'http://localhost:8080']));

export default defineConfig({
  plugins: [vue({ template: { compilerOptions: { isCustomElement } } })],
  server: { proxy },
});

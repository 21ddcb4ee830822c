/** Builds the page. In development, proxies the server's routes to the server. */
import { defineConfig } from 'vite';
import solid from 'vite-plugin-solid';

// The routes of the backend and of the application: examples/servers/express answers them.
const routes = ['/verify', '/session', '/sign-up', '/sign-in', '/second-factor', '/sign-out'];
const proxy = Object.fromEntries(routes.map((route) => [route, 'http://localhost:8080']));

export default defineConfig({ plugins: [solid()], server: { proxy } });

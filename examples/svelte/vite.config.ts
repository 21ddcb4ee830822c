/** Builds the page, and while it is being written passes the server's routes on to the server. */
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

// The backend, and the routes of the application itself: examples/servers/express answers them.
const routes = ['/verify', '/session', '/sign-up', '/sign-in', '/second-factor', '/sign-out'];
const proxy = Object.fromEntries(routes.map((route) => [route, 'http://localhost:8080']));

export default defineConfig({ plugins: [svelte()], server: { proxy } });

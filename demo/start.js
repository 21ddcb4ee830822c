/** Starts the demo and says where it is, or in one sentence why not. Plain JavaScript: Node runs it as it is. */
import { createServer } from 'vite';

// The configuration names the port; a free one is not looked for, since nobody would know where the demo is then.
const server = await createServer({ configFile: 'vite.config.ts' });
try {
  await server.listen();
} catch (error) {
  const { port } = server.config.server;
  const taken = String(error).includes('already in use');
  console.error(taken ? `Port ${port} is taken: stop what uses it, or set PORT to another one.` : error);
  process.exit(1);
}
server.printUrls();

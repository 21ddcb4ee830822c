/** Starts the demo and prints its address, or one sentence that says why it cannot start. Plain JavaScript: Node runs it directly. */
import { createServer } from 'vite';

const { PORT = '' } = process.env;
if (!/^\d{0,5}$/.test(PORT) || Number(PORT) > 65_535) {
  console.error(`PORT must be a port number from 0 to 65535, and is ${JSON.stringify(PORT)}.`);
  process.exit(1);
}
// The port comes from the configuration. Another free port would leave you guessing where the demo is.
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

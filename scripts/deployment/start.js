/** `node scripts/deployment/start.js [instances]`: starts it all with the settings of the environment, says where, and ends it on a signal. */
import { fileURLToPath } from 'node:url';
import { startDeployment } from './deployment.js';
import { missing } from './services.js';

const lacks = await missing();
if (lacks.length > 0) {
  console.error(`Install ${lacks.join(', ')} first.`);
  process.exit(1);
}
const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => /^(TWILIO|VERIFY)_/.test(name)));
const deployment = await startDeployment({
  cli: fileURLToPath(new URL('../../dist/cli.js', import.meta.url)),
  env: /** @type {Record<string, string>} */ (env),
  instances: Number(process.argv[2] ?? 2),
});
console.log(
  `All of it is at ${deployment.url}; metrics: ${deployment.instances.map(({ metrics }) => `${metrics}/metrics`).join(', ')}`,
);
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void deployment.stop());

/** What the doctor says of the ports, and of a Twilio that cannot be asked at all. */
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { beforeAll, describe, expect, it } from 'vitest';
import { runDoctor } from '../../../src/cli/doctor/doctor.js';
import { serveEnvironment } from '../../support/serve-environment.js';

let env: Record<string, string>;

beforeAll(async () => {
  const started = await serveEnvironment();
  ({ env } = started);
  return started.close;
});

async function examine(changes: Record<string, string>, to: string[] = []) {
  const printed: string[] = [];
  const healthy = await runDoctor({ ...env, ...changes }, { to, print: (line) => void printed.push(line) });
  return { healthy, text: printed.join('\n') };
}

describe('a port', () => {
  const at = async (server: Server) => {
    await once(server.listen(0, '127.0.0.1'), 'listening');
    return String((server.address() as AddressInfo).port);
  };

  it('that is taken is named: serve may be running there, so nothing has to be changed', async () => {
    const server = createServer();
    const port = await at(server);
    const { healthy, text } = await examine({ VERIFY_PORT: port });
    server.close();
    expect(healthy).toBe(true);
    expect(text).toContain(`VERIFY_PORT (127.0.0.1:${port}) …\n  advice: it is taken: if not by serve, stop what uses`);
  });

  it('on an address of another machine has to be changed', async () => {
    const { healthy, text } = await examine({ VERIFY_METRICS_PORT: '0', VERIFY_METRICS_HOST: '192.0.2.1' });
    expect(healthy).toBe(false);
    expect(text).toContain('CHANGE: VERIFY_METRICS_HOST is no address of this machine: 127.0.0.1 serves');
  });

  it('is free again after the test', async () => {
    const server = createServer();
    const port = await at(server);
    await new Promise((closed) => server.close(closed));
    for (let i = 0; i < 2; i += 1)
      expect((await examine({ VERIFY_PORT: port })).text).toContain(`:${port}) …\n  ok: serve can listen there`);
  });
});

describe('what stands in the way of every test of Twilio is told once', () => {
  it.each([
    ['nothing that answers', { TWILIO_BASE_URL: 'http://127.0.0.1:1' }],
    ['credentials that are refused', { TWILIO_API_SECRET: 'wrong' }],
  ])('%s', async (_, changes) => {
    const { text } = await examine(changes, ['+14155552671']);
    expect(text.match(/CHANGE/g)).toHaveLength(1);
    expect(text.match(/not tested, for the reason above/g)).toHaveLength(2);
    expect(text).toContain('1 to change.');
  });
});

/** The container around the emulator, as far as it can be checked without an engine: files, versions, options, settings. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readArguments } from '../../../src/cli/arguments.js';
import { readEmulatorArguments } from '../../../src/cli/twilio-emulator/emulator-arguments.js';
import { createEmulator } from '../../../src/emulator/index.js';

const folder = 'examples/emulator';
const read = (file: string) => readFileSync(join(folder, file), 'utf8');
const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as {
  version: string;
  devDependencies: Record<string, string>;
};

/** The instructions of the Dockerfile, in their order. */
const instructions = read('Dockerfile')
  .replaceAll('\\\n', '')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
  .map((line) => {
    const [, name = '', rest = ''] = /^([A-Z]+) (.+)$/.exec(line) ?? [];
    return { name, rest };
  });
const of = (name: string) => instructions.filter((one) => one.name === name).map(({ rest }) => rest);
const list = (name: string) => JSON.parse(of(name)[0] ?? '[]') as string[];

/** The command as the container runs it, read where its files are. */
const [program, ...args] = [...list('ENTRYPOINT'), ...list('CMD')];
const port = of('ENV').flatMap((one) => /^PORT=(\d+)$/.exec(one)?.[1] ?? [])[0] ?? '';
const command = readEmulatorArguments(
  readArguments(args.map((one) => (existsSync(join(folder, one)) ? join(folder, one) : one))).options,
  { PORT: port },
);
const emulator = createEmulator(command.options);

it('the Dockerfile has only instructions that there are, and copies only files that there are', () => {
  const known = [
    'FROM',
    'ARG',
    'WORKDIR',
    'RUN',
    'COPY',
    'USER',
    'ENV',
    'EXPOSE',
    'VOLUME',
    'HEALTHCHECK',
    'ENTRYPOINT',
    'CMD',
  ];
  expect(instructions.map(({ name }) => name).filter((name) => !known.includes(name))).toEqual([]);
  const copied = of('COPY').map((rest) => rest.split(' ')[0] ?? '');
  expect(copied).toContain('config.json');
  expect(copied.filter((file) => !existsSync(join(folder, file)))).toEqual([]);
});

it('it installs this version, and no package without a version', () => {
  expect(of('ARG')).toContain(`VERSION=${manifest.version}`);
  const packages = (of('RUN')[0] ?? '').match(/\S+@\S+/g) ?? [];
  expect(packages).toContain('verify-contact@${VERSION}');
  expect(packages.length).toBe(3);
  for (const one of packages.filter((name) => !name.startsWith('verify-contact@'))) {
    const [, name = '', version] = /^(.+)@(.+)$/.exec(one) ?? [];
    expect(version).toBe(manifest.devDependencies[name]);
  }
});

it('it runs the command with options that the command takes, as a user without rights', () => {
  expect(program).toBe('node_modules/.bin/verify-contact');
  expect(args[0]).toBe('emulator');
  expect(of('USER')).toEqual(['node']);
  expect(command).toMatchObject({ host: '0.0.0.0', options: { allowedHosts: ['emulator'] } });
  expect(of('EXPOSE')[0]).toBe(`${command.port} ${command.proxy?.port}`);
  expect(of('HEALTHCHECK')[0]).toContain(`http://127.0.0.1:${command.port}/__emulator/health`);
});

it.each(['compose.yml', 'github-workflow.yml'])('%s has the settings that this emulator has', (file) => {
  const settings = new Map(
    [...read(file).matchAll(/^ +(TWILIO_\w+): (\S+)$/gm)].map(([, name, value]) => [name, value]),
  );
  const host = file === 'compose.yml' ? 'emulator' : 'localhost';
  expect(Object.fromEntries(settings)).toEqual({
    TWILIO_BASE_URL: `http://${host}:${command.port}`,
    TWILIO_ACCOUNT_SID: emulator.credentials.accountSid,
    TWILIO_AUTH_TOKEN: emulator.credentials.authToken,
    TWILIO_VERIFY_SERVICE_SID: emulator.services.contact,
    TWILIO_VERIFY_TWO_FACTOR_SERVICE_SID: emulator.services.twoFactor,
  });
  expect(read(file)).not.toMatch(/\t/);
});

it('the certificate of the proxy is where the other application looks for it', () => {
  expect(of('VOLUME')).toEqual(['/shared']);
  expect(read('compose.yml')).toContain(`HTTPS_PROXY: http://emulator:${command.proxy?.port}\n`);
  expect(read('compose.yml')).toContain(`SSL_CERT_FILE: ${command.proxy?.caFile}\n`);
  expect(read('compose.yml').match(/- shared:\/shared/g)).toHaveLength(2);
});

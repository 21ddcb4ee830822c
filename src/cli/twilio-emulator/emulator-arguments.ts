/** Reads the options of `verify-contact emulator`, its file and the variable `PORT`. Opens no port. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseObject } from '../../emulator/control/read-object.js';
import type { EmulatorOptions } from '../../emulator/index.js';
import { RefusedValue } from '../../emulator/model/refused-value.js';
import { ConfigFile } from '../../emulator/options/schemas.js';
import { checked } from '../../emulator/options/validation.js';
import { readPort, SettingsError, type Environment } from '../settings/parse-settings.js';

/** What the command is told, checked. */
export interface EmulatorArguments {
  port: number;
  /** The name of the setting that the port comes from. */
  portSetting: string;
  host: string;
  options: EmulatorOptions;
  /** Where to write the settings of a program that uses the emulator. */
  envFile?: string;
  /** Whether to print them as JSON. */
  json: boolean;
  /** The port of the proxy, and where to write the certificate that its clients must trust. */
  proxy?: { port: number; caFile: string };
}

/** Throws a {@link SettingsError} of one sentence for the first wrong value, with the option that it comes from. */
export function readEmulatorArguments(
  given: ReadonlyMap<string, readonly string[]>,
  env: Environment,
): EmulatorArguments {
  const valueOf = (name: string) => given.get(name)?.[0];
  const [port, envFile] = [valueOf('port'), valueOf('dotenv')];
  const proxy = readProxy(valueOf('proxy'), valueOf('ca-file'));
  if (envFile !== undefined && proxy && resolve(envFile) === resolve(proxy.caFile))
    throw new SettingsError('--dotenv and --ca-file name the same file: give them two.');
  const portSetting = port === undefined && env.PORT ? 'PORT' : '--port';
  return {
    port: readPort(portSetting, port ?? (env.PORT || '4010')),
    portSetting,
    host: valueOf('host') ?? '127.0.0.1',
    options: readOptions(valueOf('config'), valueOf('code'), given.get('allow-host') ?? []),
    ...(envFile === undefined ? {} : { envFile }),
    json: given.has('json'),
    ...(proxy === undefined ? {} : { proxy }),
  };
}

function readProxy(port: string | undefined, caFile: string | undefined): EmulatorArguments['proxy'] {
  if (port === undefined && caFile === undefined) return undefined;
  if (port === undefined)
    throw new SettingsError('--ca-file is of the proxy, which has no port: add --proxy PORT, or leave --ca-file out.');
  if (caFile === undefined)
    throw new SettingsError(
      '--proxy needs --ca-file FILE: where to write the certificate that its clients must trust.',
    );
  return { port: readPort('--proxy', port), caFile };
}

function readOptions(file: string | undefined, code: string | undefined, hosts: readonly string[]): EmulatorOptions {
  let options = file === undefined ? {} : readConfig(file);
  if (code !== undefined) {
    if (options.fixedCode !== undefined)
      throw new SettingsError('--code and "fixedCode" in the file of --config both fix the codes: give one of them.');
    options = inOneSentence(() => checked(ConfigFile, { ...options, fixedCode: code }, `--code ${code}`));
  }
  for (const host of hosts) {
    const allowedHosts = [...(options.allowedHosts ?? []), host];
    options = inOneSentence(() => checked(ConfigFile, { ...options, allowedHosts }, `--allow-host ${host}`));
  }
  return options;
}

function readConfig(file: string): EmulatorOptions {
  const text = readText(file);
  const { $schema: _, ...options } = inOneSentence(() =>
    checked(ConfigFile, parseObject(text, `--config ${file}: the file`), `--config ${file}`),
  );
  return options;
}

function readText(file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const reason = code === 'ERR_ENCODING_INVALID_ENCODED_DATA' ? 'it is not UTF-8' : (code ?? 'unknown');
    throw new SettingsError(`--config ${file} cannot be read: ${reason}.`);
  }
}

/** The schemas complain with a `RefusedValue`. On the command line it is a mistake of the person at the terminal. */
function inOneSentence<T>(check: () => T): T {
  try {
    return check();
  } catch (error) {
    throw error instanceof RefusedValue ? new SettingsError(error.message) : error;
  }
}

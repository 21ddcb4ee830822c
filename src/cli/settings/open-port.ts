/** Says in one sentence why a port cannot be opened, and names the setting to change. */
import { SettingsError } from './parse-settings.js';

/** The names of the settings that the port and the address come from. */
interface PortSettings {
  port: string;
  hostname: string;
}

/** Resolves to what `start` makes. Rejects with a {@link SettingsError} if the system does not open the port. */
export async function openPort<T>(start: () => Promise<T>, names: PortSettings): Promise<T> {
  try {
    return await start();
  } catch (error) {
    throw faultOf(error, names) ?? error;
  }
}

function faultOf(error: unknown, { port, hostname }: PortSettings): SettingsError | undefined {
  const { code, port: number } = error as NodeJS.ErrnoException & { port?: number };
  switch (code) {
    case 'EADDRINUSE':
      return new SettingsError(`${port} is ${number}, which is taken: stop what uses it, or choose another port.`);
    case 'EACCES':
      return new SettingsError(`${port} is ${number}, which you may not open: choose one above 1023.`);
    case 'EADDRNOTAVAIL':
    case 'EAFNOSUPPORT':
    case 'EAI_AGAIN':
    case 'EINVAL':
    case 'ENOTFOUND':
      return new SettingsError(
        `${hostname} is no address of this machine: 127.0.0.1 serves this machine alone, and 0.0.0.0 all others too.`,
      );
    default:
      return undefined;
  }
}

/** The log of `serve`: one JSON line for each event, written by pino. The backend decides what an event contains. */
import type { BackendEvent } from '../../server/index.js';
import { missingPackageError } from '../../server/internals.js';
import type { Operation } from '../settings/operation-settings.js';

/** An open log. */
interface Log {
  event(event: BackendEvent): void;
  /** Logs a message about the process itself. */
  info(message: string): void;
}

/** Loads pino, and passes each line, without its line break, to `write`. */
export async function openLog(level: Operation['logLevel'], write: (line: string) => void): Promise<Log> {
  const pino = await loadPino();
  const logger = pino(
    {
      level,
      base: { pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    { write: (line: string) => write(line.trimEnd()) },
  );
  return {
    event({ type, ...rest }) {
      logger[levelOf(type)]({ event: type, ...rest });
    },
    info: (message) => logger.info(message),
  };
}

async function loadPino() {
  try {
    return (await import('pino')).default;
  } catch (failure) {
    throw missingPackageError('pino', 'The log of serve', failure);
  }
}

/** `error` needs an action by the owner; `warn` deserves a look. */
function levelOf(type: BackendEvent['type']): 'debug' | 'info' | 'warn' | 'error' {
  switch (type) {
    case 'unavailable':
    case 'misconfigured':
      return 'error';
    case 'warning':
    case 'test-contact':
      return 'warn';
    case 'twilio-call':
      return 'debug';
    default:
      return 'info';
  }
}

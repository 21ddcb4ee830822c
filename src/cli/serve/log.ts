/** The log of `serve`: one JSON line an event, by pino. What an event may hold is decided where events are made. */
import type { BackendEvent } from '../../server/index.js';
import { missingPackageError } from '../../server/internals.js';
import type { Operation } from '../settings/operation-settings.js';

/** A log that is open. */
export interface Log {
  event(event: BackendEvent): void;
  /** Something about the process itself. */
  info(message: string): void;
  warn(message: string): void;
}

/** Loads pino, and hands each line, without its end, to `write`. */
export async function openLog(level: Operation['logLevel'], write: (line: string) => void): Promise<Log> {
  const pino = await load();
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
    warn: (message) => logger.warn(message),
  };
}

async function load() {
  try {
    return (await import('pino')).default;
  } catch (failure) {
    throw missingPackageError('pino', 'The log of serve', failure);
  }
}

/** How loud an event is: what an owner must act on is an error, what is worth a look a warning. */
function levelOf(type: BackendEvent['type']): 'debug' | 'info' | 'warn' | 'error' {
  switch (type) {
    case 'unavailable':
    case 'misconfigured':
      return 'error';
    case 'warning':
      return 'warn';
    case 'twilio-call':
      return 'debug';
    default:
      return 'info';
  }
}

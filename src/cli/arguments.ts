/** Reads the arguments of the command. Each mistake is one sentence. */
import { parseArgs } from 'node:util';
import { nearestName } from '../server/internals.js';
import { SettingsError } from './settings/parse-settings.js';

/** The options of a command with how many values each takes, and the argument that the command needs. */
interface Command {
  options?: Record<string, 'nothing' | 'one' | 'several'>;
  needs?: string;
}

const commands = {
  serve: {},
  doctor: { options: { to: 'several' } },
  keys: { options: { next: 'nothing', rotate: 'nothing' } },
  emulator: {
    options: {
      port: 'one',
      host: 'one',
      'allow-host': 'several',
      config: 'one',
      code: 'one',
      // `--env-file` would be Node's own: it takes that option after the name of the program too.
      dotenv: 'one',
      json: 'nothing',
      proxy: 'one',
      'ca-file': 'one',
    },
  },
  conformance: {
    options: { emulator: 'one', bearer: 'one', cookie: 'one' },
    needs: 'the address of a backend: verify-contact conformance https://shop.example/verify',
  },
  help: {},
  version: {},
} satisfies Record<string, Command>;

type CommandName = keyof typeof commands;

/** The arguments of one command. */
interface CommandArguments {
  command: CommandName;
  /** The argument of a command that needs one, else ''. */
  operand: string;
  /** The values of each option that was given; an empty list if it takes none. */
  options: ReadonlyMap<string, readonly string[]>;
}

type Token = NonNullable<ReturnType<typeof parseArgs>['tokens']>[number];

/** Throws {@link SettingsError} for an unknown command or option, and for a value that is missing or one too many. */
export function readArguments(args: readonly string[]): CommandArguments {
  if (args.includes('--help') || args.includes('-h')) return { command: 'help', operand: '', options: new Map() };
  if (args.includes('--version')) return { command: 'version', operand: '', options: new Map() };
  const tokens = tokensOf(args);
  const [name, ...operands] = tokens.flatMap((token) => (token.kind === 'positional' ? [token.value] : []));
  const command = readCommand(name);
  const { needs }: Command = commands[command];
  const options = readOptions(command, tokens);
  const [operand = '', extra] = needs === undefined ? ['', ...operands] : operands;
  if (needs !== undefined && operand === '') throw new SettingsError(`${command} needs ${needs}`);
  if (extra !== undefined) throw mistake(`${command} does not take ${JSON.stringify(extra)}`);
  return { command, operand, options };
}

/** Not strict: the parser's own errors are of several sentences. */
function tokensOf(args: readonly string[]): Token[] {
  const withValue = Object.values<Command>(commands)
    .flatMap(({ options = {} }) => Object.entries(options))
    .filter(([, takes]) => takes !== 'nothing')
    .map(([name]) => [name, { type: 'string' as const }]);
  const options = Object.fromEntries(withValue) as Record<string, { type: 'string' }>;
  return parseArgs({ args: [...args], options, strict: false, allowPositionals: true, tokens: true }).tokens;
}

function readCommand(name: string | undefined): CommandName {
  const known = Object.keys(commands) as CommandName[];
  if (name === undefined) throw mistake('A command is missing');
  const command = known.find((one) => one === name);
  if (command === undefined) throw mistake(`${JSON.stringify(name)} is not a command`, nearestName(name, known));
  return command;
}

function readOptions(command: CommandName, tokens: readonly Token[]): Map<string, string[]> {
  const { options: allowed = {} }: Command = commands[command];
  const options = new Map<string, string[]>();
  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    const { name, rawName, value, inlineValue } = token;
    const takes = Object.hasOwn(allowed, name) && rawName === `--${name}` ? allowed[name] : undefined;
    if (takes === undefined) {
      const nearest = nearestName(name, Object.keys(allowed));
      throw mistake(`${rawName} is not an option of ${command}`, nearest && `--${nearest}`);
    }
    if (takes === 'nothing' && value !== undefined) throw mistake(`${rawName} takes no value`);
    // `--to --port` lacks the value of `--to`. One that begins with a dash can be given as `--to=-…`.
    const isMissing = !value || (!inlineValue && value.startsWith('-'));
    if (takes !== 'nothing' && isMissing) throw mistake(`${rawName} needs a value`);
    const before = options.get(name);
    if (takes !== 'several' && before) throw mistake(`${rawName} is given twice`);
    options.set(name, [...(before ?? []), ...(value === undefined ? [] : [value])]);
  }
  return options;
}

function mistake(what: string, nearest?: string): SettingsError {
  const hint = nearest ? `did you mean ${nearest}? ` : '';
  return new SettingsError(`${what}: ${hint}\`verify-contact help\` lists all commands and their options.`);
}

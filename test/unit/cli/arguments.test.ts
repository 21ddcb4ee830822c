/** What the command takes, and the sentence for everything else. */
import { describe, expect, it } from 'vitest';
import { readArguments } from '../../../src/cli/arguments.js';
import { SettingsError } from '../../../src/cli/settings/parse-settings.js';

function sentence(...args: string[]): string {
  try {
    readArguments(args);
  } catch (error) {
    if (error instanceof SettingsError) return error.message;
    throw error;
  }
  return 'no complaint';
}

describe('the command', () => {
  it('takes a name, and the options of that name', () => {
    expect(readArguments(['serve'])).toEqual({ command: 'serve', operand: '', options: new Map() });
    expect(readArguments(['doctor', '--to', '+14155550123', '--to=you@example.com']).options).toEqual(
      new Map([['to', ['+14155550123', 'you@example.com']]]),
    );
    expect(readArguments(['--next', 'keys']).options).toEqual(new Map([['next', []]]));
    expect(readArguments(['conformance', 'http://a.example', '--cookie=-x=1'])).toEqual({
      command: 'conformance',
      operand: 'http://a.example',
      options: new Map([['cookie', ['-x=1']]]),
    });
    for (const args of [['help'], ['--help'], ['-h'], ['serve', '--help'], ['conformance', '-h']]) {
      expect(readArguments(args).command).toBe('help');
    }
    for (const args of [['version'], ['--version'], ['serve', '--version']]) {
      expect(readArguments(args).command).toBe('version');
    }
  });

  it.each([
    [[], 'A command is missing: '],
    [['--next'], 'A command is missing: '],
    [['serv'], '"serv" is not a command: did you mean serve? '],
    [['frobnicate'], '"frobnicate" is not a command: '],
    [['__proto__'], '"__proto__" is not a command: '],
    [['serve', 'now'], 'serve does not take "now": '],
    [['serve', '--to', 'x'], '--to is not an option of serve: '],
    [['doctor', '--too', 'x'], '--too is not an option of doctor: did you mean --to? '],
    [['doctor', '--too'], '--too is not an option of doctor: did you mean --to? '],
    [['doctor', '-to'], '-t is not an option of doctor: '],
    [['doctor', '--constructor'], '--constructor is not an option of doctor: '],
    [['doctor', '--to'], '--to needs a value: '],
    [['doctor', '--to='], '--to needs a value: '],
    [['doctor', '--to', '--to'], '--to needs a value: '],
    [['keys', '--next=1'], '--next takes no value: '],
    [['keys', '--no-next'], '--no-next is not an option of keys: '],
    [['keys', '--next', '--next'], '--next is given twice: '],
    [['emulator', '--port', '1', '--port', '2'], '--port is given twice: '],
    [['emulator', '--allow-hosts', 'ci'], '--allow-hosts is not an option of emulator: did you mean --allow-host? '],
    [['emulator', '--proxy'], '--proxy needs a value: '],
    [['emulator', '--json', 'x'], 'emulator does not take "x": '],
    [['emulator', '--dotnev', 'x'], '--dotnev is not an option of emulator: did you mean --dotenv? '],
    [['conformance', 'http://a.example', 'http://b.example'], 'conformance does not take "http://b.example": '],
  ])('refuses %j in one sentence', (args, beginning) => {
    expect(sentence(...args)).toBe(`${beginning}\`verify-contact help\` lists all commands and their options.`);
  });

  it('says what it needs', () => {
    const needs = 'conformance needs the address of a backend: verify-contact conformance https://shop.example/verify';
    expect(sentence('conformance')).toBe(needs);
    expect(sentence('conformance', '--bearer', 'token')).toBe(needs);
  });
});

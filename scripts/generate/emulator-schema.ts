/** The JSON schema of the file that `verify-contact emulator --config` reads: what is checked, with the docstrings of the options. */
import { z } from 'zod';
import { ConfigFile } from '../../src/emulator/options/schemas.js';
import { doors, exportsOf, membersOf } from './program.js';

interface Schema {
  properties?: Record<string, Schema>;
  items?: Schema;
  description?: string;
}

/** The whole document. */
export function emulatorSchema(): object {
  const schema = z.toJSONSchema(ConfigFile, { io: 'input' }) as Schema;
  const { services, templates, assume } = schema.properties ?? {};
  describe(schema, 'EmulatorOptions');
  describe(services?.items, 'ServiceOptions');
  describe(templates?.items, 'Template');
  describe(assume, 'Assumptions');
  return { ...schema, title: 'The options of an emulator of Twilio Verify' };
}

/** Gives each property the docstring that it has in an exported interface. */
function describe(schema: Schema | undefined, name: string): void {
  const symbol = exportsOf(doors['verify-contact/emulator']).find((one) => one.name === name);
  if (!schema?.properties || !symbol) throw new Error(`The options have no ${name}.`);
  const texts = new Map(membersOf(symbol).map((member) => [member.name, member.text]));
  for (const [property, value] of Object.entries(schema.properties)) {
    const description = texts.get(property);
    if (description) value.description = description;
  }
}

/** Examines every row of the phone table, which takes some minutes: `npm run phone-table`. The suite examines a sample. */
import { runnerImport } from 'vite';

/** @typedef {typeof import('../../test/support/phone-table.js')} PhoneTable */
const { module } = await runnerImport('./test/support/phone-table.ts');
const { dialOutPrefixes, examinePhoneTable } = /** @type {PhoneTable} */ (module);
const started = Date.now();
const { rows, different, examples } = examinePhoneTable(Number(process.argv[2] ?? 1));
const seconds = Math.round((Date.now() - started) / 1000);
console.log(
  `${rows} numbers of all countries with ${dialOutPrefixes().length} dial-out prefixes, in ${seconds} seconds.`,
);
console.log(`${different} are read otherwise after the field than without it.`);
for (const example of examples) console.log(example);
process.exitCode = different ? 1 : 0;

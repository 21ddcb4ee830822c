/** Every country with every way to dial: what the backend reads after the field must be what it reads without the field. */
import examples from 'libphonenumber-js/examples.mobile.json' with { type: 'json' };
import { getCountries, getExampleNumber, type CountryCode, type NumberingPlan } from 'libphonenumber-js/max';
import { callingCodes } from '../../src/elements/fields/countries.js';
import { loadPlans } from '../../src/elements/fields/phone-plans.js';
import { parseContact, type ContactRules } from '../../src/server/contacts/parse-contact.js';
import { loadPhoneMetadata, phoneLibrary } from '../../src/server/contacts/phone-metadata.js';
import { TypedPhoneField } from './typed-phone-field.js';

/** A number as a person writes it, with the country that is selected. */
export interface PhoneRow {
  readonly country: CountryCode;
  readonly written: string;
}

// All at once, so that nothing has to be awaited between two keys.
await loadPhoneMetadata();
for (const code of new Set(callingCodes.values())) await loadPlans(code);

let prefixes: readonly string[] | undefined;

/** Each dial-out prefix that some country has. */
export function dialOutPrefixes(): readonly string[] {
  return (prefixes ??= findDialOutPrefixes());
}

/** Tries the pattern of each country on all digits up to six. */
function findDialOutPrefixes(): readonly string[] {
  const patterns = new Set(getCountries().map((country) => planOf(country).IDDPrefix()));
  const all = new Set<string>();
  for (const pattern of patterns) {
    const whole = new RegExp(`^(?:${pattern})$`);
    for (let length = 1; length <= 6; length++) {
      // A pattern may have ten thousand matches. They differ in digits that say which carrier is meant.
      const found: string[] = [];
      for (let n = 0; n < 10 ** Math.min(length, 5) && found.length < 4; n++) {
        const digits = String(n).padStart(length, '0');
        if (whole.test(digits)) found.push(digits);
      }
      found.forEach((digits) => all.add(digits));
    }
  }
  return [...all].sort();
}

function planOf(country: CountryCode): NumberingPlan {
  const metadata = new (phoneLibrary().Metadata)();
  metadata.selectNumberingPlan(country);
  return metadata.numberingPlan!;
}

const abroad: readonly CountryCode[] = ['NO', 'GB', 'US', 'DE', 'JP', 'AG'];

/** In every country: its own number in each spelling, and numbers abroad after each prefix. */
export function* phoneRows(): Generator<PhoneRow> {
  const starts = ['+', '', ...dialOutPrefixes()];
  for (const country of getCountries()) {
    const own = getExampleNumber(country, examples)!;
    for (const text of [own.formatNational(), own.nationalNumber, own.formatInternational()])
      yield { country, written: text };
    for (const other of [country, ...abroad]) {
      const number = getExampleNumber(other, examples)!;
      const rest = number.formatInternational().slice(1);
      for (const start of starts) yield { country, written: `${start}${/\d/.test(start) ? ' ' : ''}${rest}` };
    }
  }
}

/** How a number gets into the field. */
const waysOfEntry: Readonly<Record<string, (field: TypedPhoneField, text: string) => void>> = {
  typed: (field, text) => field.type(text),
  pasted: (field, text) => field.paste(text),
  filled: (field, text) => field.fill(text),
  composed: (field, text) => field.compose(text),
};

/** How a number leaves the field again. What is selected goes with the next key. */
const waysToClear: Readonly<Record<string, (field: TypedPhoneField) => void>> = {
  cleared: (field) => {
    while (field.value) field.press('Backspace');
  },
  overtyped: (field) => field.selectAll(),
};

/** Examines every row, or every `step`th, and returns the counts with the first differences. */
export function examinePhoneTable(step = 1): { rows: number; different: number; examples: readonly string[] } {
  let [at, rows, different] = [0, 0, 0];
  const found: string[] = [];
  for (const row of phoneRows()) {
    if (at++ % step) continue;
    rows++;
    const differences = differencesOf(row);
    if (differences.length) different++;
    if (found.length < 20) found.push(...differences.slice(0, 1));
  }
  return { rows, different, examples: found };
}

/** What differs between the field and the backend alone, in words. Empty if nothing does. */
export function differencesOf({ country, written }: PhoneRow): readonly string[] {
  const expected = read(written, country);
  const differences: string[] = [];
  const known = new Map<string, string>();
  const compare = (way: string, field: TypedPhoneField) => {
    const { text, country: selected } = field.sent;
    const key = `${selected} ${text}`;
    const found = known.get(key) ?? read(text, selected);
    known.set(key, found);
    if (found === expected) return;
    differences.push(`${country} ${written}, ${way}: ${found} from ${key}, and ${expected} from the backend alone`);
  };
  for (const [way, enter] of Object.entries(waysOfEntry)) {
    const field = new TypedPhoneField(country);
    enter(field, written);
    compare(way, field);
  }
  for (const [way, clear] of Object.entries(waysToClear)) {
    for (const other of abroad) {
      const field = new TypedPhoneField(country);
      field.paste(getExampleNumber(other, examples)!.formatInternational());
      clear(field);
      field.type(written);
      compare(`after a number of ${other} that was ${way}`, field);
    }
  }
  const field = new TypedPhoneField(country);
  field.type(written);
  for (const [key, behind] of [
    ['Backspace', 1],
    ['Delete', 0],
  ] as const) {
    for (let at = 0; at < field.value.length; at++) {
      const digit = field.value[at]!;
      if (!/[\d+]/.test(digit)) continue;
      field.setSelectionRange(at + behind, at + behind);
      field.press(key);
      field.type(digit);
      compare(`corrected at ${at} by ${key}`, field);
    }
  }
  return differences;
}

const rules: ContactRules = { types: ['phone'], channels: ['sms', 'call'] };

function read(text: string, country: string): string {
  const parsed = parseContact(text, country, rules);
  return 'contact' in parsed ? parsed.contact.value : parsed.problem;
}

/** The formatter of the page against the library that it replaces there, and the files of numbering plans. */
import examples from 'libphonenumber-js/examples.mobile.json' with { type: 'json' };
import { AsYouType, getCountries, getExampleNumber, parsePhoneNumberFromString } from 'libphonenumber-js/min';
import { readFileSync } from 'node:fs';
import { brotliCompressSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from 'vitest';
import { numberingPlanFiles } from '../../../scripts/build/numbering-plans.js';
import { callingCodes } from '../../../src/elements/fields/countries.js';
import { findPlan, findPlans, loadPlans } from '../../../src/elements/fields/phone-plans.js';
import { formatNumber } from '../../../src/elements/numbering/format-number.js';
import { isNumberOf, planOf } from '../../../src/elements/numbering/plan.js';

const countries = getCountries();
const spellings = countries.flatMap((country) => {
  const { nationalNumber, countryCallingCode: code, ...number } = getExampleNumber(country, examples)!;
  const national = getExampleNumber(country, examples)!.formatNational().replace(/\D/g, '');
  const written = [national, nationalNumber, number.number, `+${code}${national}`, `${code}${nationalNumber}`];
  return [...written, `00${code}${nationalNumber}`, `011${code}${nationalNumber}`].map((text) => ({ country, text }));
});

beforeAll(() => Promise.all([...callingCodes.values()].map(loadPlans)));

describe('the formatter', () => {
  test('writes each number like the library, at each key, in all countries', () => {
    const different: string[] = [];
    for (const { country, text } of spellings) {
      for (let end = 1; end <= text.length; end++) {
        const typed = text.slice(0, end);
        const expected = asYouType(country, typed);
        const { text: written } = formatNumber(typed, findPlan(country), findPlans);
        if (expected !== undefined && written !== expected)
          different.push(`${country} ${typed}: ${written}, not ${expected}`);
      }
    }
    expect(different).toEqual([]);
  });

  test('knows the country of each number, as the library does', () => {
    for (const country of countries) {
      const { number } = getExampleNumber(country, examples)!;
      const formatted = formatNumber(number, undefined, findPlans);
      expect([number, formatted.plan?.country]).toEqual([number, parsePhoneNumberFromString(number)?.country]);
    }
  });

  test('knows which numbers are valid, as the library does', () => {
    const different: string[] = [];
    for (const country of countries) {
      const { nationalNumber, countryCallingCode } = getExampleNumber(country, examples)!;
      const plans = findPlans(countryCallingCode)!;
      for (let at = 0; at < nationalNumber.length; at++) {
        for (const other of [...'0123456789', '', '12']) {
          const digits = nationalNumber.slice(0, at) + other + nationalNumber.slice(at + 1);
          const parsed = parsePhoneNumberFromString(`+${countryCallingCode}${digits}`);
          // Otherwise the library has read a national prefix.
          if (parsed?.nationalNumber !== digits) continue;
          const isValid = isNumberOf(planOf(digits, plans) ?? plans[0]!, digits);
          if (isValid !== parsed.isValid()) different.push(`${country} ${digits}`);
        }
      }
    }
    expect(different).toEqual([]);
  });

  test('changes neither a digit nor the plus', () => {
    for (const { country, text } of spellings) {
      for (let end = 1; end <= text.length; end++) {
        const typed = text.slice(0, end);
        expect(formatNumber(typed, findPlan(country), findPlans).text.replace(/[^\d+]/g, '')).toBe(typed);
      }
    }
  });
});

/** Undefined where the library throws, which it does for two digits in Cabo Verde and Samoa. */
function asYouType(country: (typeof countries)[number], typed: string): string | undefined {
  try {
    return new AsYouType(country).input(typed);
  } catch (error) {
    expect([country, (error as Error).name]).toEqual([expect.stringMatching(/^(CV|WS)$/), 'TypeError']);
    return undefined;
  }
}

describe('the files of numbering plans', () => {
  const files = numberingPlanFiles();
  const text = (name: string) => readFileSync(`src/elements/numbering/${name}`, 'utf8');

  test('are what the build makes out of the library’s metadata: run `npm run build`', () => {
    for (const [name, expected] of files) expect(text(name)).toBe(expected);
  });

  test('have at most 1,200 bytes with brotli', () => {
    const plans = [...files].filter(([name]) => name !== 'plan-files.ts');
    expect(plans.length).toBeGreaterThan(10);
    for (const [name, content] of plans) {
      const code = content.replace(/\/\*\*.*\*\/\n/, '');
      expect([name, brotliCompressSync(code).length]).toEqual([
        name,
        expect.toSatisfy((size: number) => size <= 1_200),
      ]);
    }
  });
});

/** Reads and writes a number as Lookup does: in E.164, or as people of one country dial it. Knows lengths of North America only. */
import { parsePhoneNumberFromString } from 'libphonenumber-js/min';
import { callingCodeIn, callingCodeOf, countryOf } from '../model/countries.js';

/** Countries whose national numbers begin as their international ones: a zero there is a part of the number. */
const withoutTrunkPrefix = new Set(
  (
    'AC AD AO AW BF BH BI BJ BN BT BW BZ CF CG CI CK CL CM CV CY CZ DJ DK EE ES FK FM GI GL GM GN GQ GR GT GW GY HN HT IO IT ' +
    'KM KW LS LV ML MO MR MT MZ NC NE NI NR NU OM PA PF PL PT PW QA SB SG SM SN SR ST SV SZ TG TK TL TN TO TV UZ VA VU WF WS'
  ).split(' '),
);

/**
 * What people dial before a number of their own country, if not a zero, and the digits of the longest number without it: such a
 * prefix is also the first digit of other numbers, and only the length tells. A zero, also in 06, begins no number.
 */
const trunkPrefixes: Record<string, [prefix: string, digits: number]> = {
  BY: ['80', 9],
  HU: ['06', 0],
  KZ: ['8', 10],
  RU: ['8', 10],
  TM: ['8', 8],
};

/** Whether it has digits, and what people write around them, and nothing else. */
export function isDialled(number: string): boolean {
  return /^\s*\+?[\d\s().\-/]+$/.test(number) && /\d/.test(number);
}

/** The number in E.164, or what comes closest to it. `country` is the one in which a national number is dialled. */
export function toE164(number: string, country: string): string {
  const digits = number.replace(/\D/g, '');
  if (number.trim().startsWith('+') || digits === '') return `+${digits}`;
  const code = callingCodeIn(country) ?? '';
  return `+${code}${digits.slice(trunkLength(digits, country, code))}`;
}

/** How many digits of a national number are dialled in its country only. */
function trunkLength(digits: string, country: string, code: string): number {
  if (withoutTrunkPrefix.has(country)) return 0;
  const [prefix, longest] = code === '1' ? ['1', 10] : (trunkPrefixes[country] ?? ['0', 0]);
  return digits.startsWith(prefix) && digits.length > longest ? prefix.length : 0;
}

/** Twilio's names for what is wrong with a number in E.164; none if it is valid. */
export function validationErrors(to: string, exists: (to: string) => boolean): string[] {
  if (!/^\+\d+$/.test(to)) return ['NOT_A_NUMBER'];
  if (countryOf(to) === undefined) return ['INVALID_COUNTRY_CODE'];
  if (to.length < 8) return ['TOO_SHORT'];
  if (to.length > 16) return ['TOO_LONG'];
  // Numbers in North America have one length. Elsewhere the emulator knows only the bounds of E.164.
  if (callingCodeOf(to) === '1' && to.length !== 12) return [to.length < 12 ? 'TOO_SHORT' : 'TOO_LONG'];
  return exists(to) ? [] : ['INVALID_BUT_POSSIBLE'];
}

/** The number as people of its country write it, or its digits if nobody has numbers like it. */
export function toNational(to: string): string {
  return parsePhoneNumberFromString(to)?.formatNational() ?? to.slice(1 + (callingCodeOf(to) ?? '').length);
}

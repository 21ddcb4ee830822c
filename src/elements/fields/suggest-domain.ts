/** Finds a likely typo in the domain of a large mail provider. Pure: no DOM, no network. It only suggests; the person decides. */

/**
 * The names of large mail providers, and the domains that follow each name, the most common one first. Every one of these
 * domains is in the list of the package free-email-domains 1.12.6 (https://github.com/Kikobeats/free-email-domains).
 */
const table = `gmail com
googlemail com
yahoo com fr de it es ca in co.uk co.in co.jp co.id com.br com.mx com.ar com.au
hotmail com fr de it es co.uk com.br
outlook com fr de it es jp com.br
live com fr de it nl be co.uk com.mx
msn com
aol com de fr co.uk
icloud com
protonmail com
proton me
fastmail com
yandex com ru
mail com ru
rambler ru
qq com
163 com
126 com
naver com
rediffmail com
btinternet com
comcast net
verizon net
sbcglobal net
bellsouth net
optonline net
earthlink net
laposte net
wanadoo fr
orange fr
free fr
sfr fr
libero it
virgilio it
tiscali it
freenet de
web de
t-online de
bluewin ch
telenet be
seznam cz
interia pl
onet pl
wp pl
o2 pl
bigpond com
uol com.br
terra com.br
gmx de net at ch com fr`;

const providers = table.split('\n').map((row) => row.split(' ') as [name: string, ...ends: string[]]);

/** Domains that are one slip away from a provider's, and that somebody else has or may well have. */
const others =
  /^((g?email|gomail|gail|grail|cloud|nave|never|mali|eastmail|lastmail|castmail|gotmail|hitmail|prontomail)\.com?|mail\.co|(photon|proto)\.me|earthling\.net|liberi?\.it|mali\.ru|oranges\.fr|telnet\.be)$/;

/** The address with the domain that was probably meant. Undefined if the domain is real, or like no provider's. */
export function suggestAddress(text: string): string | undefined {
  const [, name, typed] = /^([^\s@]+@)([^\s@]+)$/.exec(text.trim()) ?? [];
  const domain = typed && suggestDomain(typed.toLowerCase());
  return domain && name + domain;
}

function suggestDomain(typed: string): string | undefined {
  const domain = typed.replace(/[.,]+/g, '.');
  const [, name = '', dot = '', end = ''] = /^([^.]*)(\.?)(.*)$/.exec(domain)!;
  let best = 3;
  let found: string | undefined;
  if (others.test(domain)) return undefined;
  for (const [provider, ...ends] of providers) {
    const distance = nameDistance(name, provider);
    for (const one of ends) {
      const meant = `${provider}.${one}`;
      if (domain === meant) return typed === meant ? undefined : meant;
      // `gmail`, `gmailcom` and `gmailc.om`: the end is missing, or the dot is, or it stands elsewhere.
      const isMisplaced = domain.replaceAll('.', '') === provider + one.replace('.', '') && !/\..*\./.test(domain);
      const whole = isMisplaced || (!dot && !distance) ? 0 : distance + endDistance(end, one, distance);
      if (whole < best) [best, found] = [whole, meant];
    }
  }
  return found;
}

/** How many slips lead from a provider's name to this one: up to two, or more than is asked about. */
function nameDistance(typed: string, provider: string): number {
  if (typed === provider) return 0;
  // Short names are like too many others, and so are longer ones with another first letter.
  if (provider.length < 5) return provider.length > 3 && isSwapped(typed, provider) ? 1 : 9;
  const [first = '', second = ''] = provider;
  const sameStart = typed.startsWith(first) || typed.startsWith(second + first);
  // `fmail.com`, `hmail.com` and the like are real.
  const nextStart = provider !== 'gmail' && typed.slice(1) === provider.slice(1) && isNear(typed[0]!, first);
  if (provider.length < 7 && !sameStart && !nextStart) return 9;
  const [one, other] = [outline(typed), outline(provider)];
  if (one === other || isSlip(typed, provider)) return 1;
  return typed.startsWith(first) && isSlip(one, other) ? 2 : 9;
}

/** What remains of a name for a hasty reader: `grnaill` is like `gmail`. */
function outline(name: string): string {
  return name
    .replace(/rn|n/g, 'm')
    .replaceAll('vv', 'w')
    .replaceAll('0', 'o')
    .replaceAll('1', 'l')
    .replace(/(.)\1+/g, '$1');
}

/** Countries whose domains may end in `co` and their code. */
const coCountries =
  /^co\.(ao|at|bw|ck|cr|gg|hu|i[dlmn]|j[ep]|k[er]|ls|m[az]|n[aiz]|pw|r[sw]|sz|t[htz]|u[agksz]|v[ei]|z[amw])$/;

/** 0 or 1, or more than is asked about. Behind a provider's name, `fr` and `com.tr` are those of another country; `co`, `cm` and `om` are not. */
function endDistance(typed: string, end: string, nameSlips: number): number {
  if (typed === end) return 0;
  if (typed === `${end}.${end}` || typed === end + end) return 1;
  if (end.length < 3) {
    // Swapped, `es` is the end of Sweden, `ca` of Ascension Island and `in` of Nicaragua. No end has one letter.
    const isSwap = isSwapped(typed, end) && !/^(se|ac|ni)$/.test(typed);
    const isNone = typed.length === 1 ? end.includes(typed) : typed.replace(/(.)\1/, '$1') === end;
    return !nameSlips && (isSwap || isNone) ? 1 : 9;
  }
  const isCountry = typed.length < 3 ? end !== 'com' : /^com\.[a-z]{2}$/.test(typed) || coCountries.test(typed);
  return !isCountry && (nameSlips ? isSlip(typed, end) : isOneEdit(typed, end)) ? 1 : 9;
}

/** The keys of a keyboard in rows of eleven, so that a key is near the one behind it, and near those ten and eleven places on. */
const keys = '1234567890_qwertyuiop_asdfghjkl__zxcvbnm';

/** Whether one is typed instead of the other: a key beside it, `y` and `z` on other keyboards, or a vowel that sounds like it. */
function isNear(one: string, other: string): boolean {
  const distance = Math.abs(keys.indexOf(one) - keys.indexOf(other));
  return /^(yz|zy|ae|ea)$/.test(one + other) || [1, 10, 11].includes(distance);
}

/** The parts in which two texts differ. */
function difference(one: string, other: string): [string, string] {
  const shorter = Math.min(one.length, other.length);
  let [start, tail] = [0, 0];
  while (start < shorter && one[start] === other[start]) start++;
  while (tail < shorter - start && one.at(-1 - tail) === other.at(-1 - tail)) tail++;
  return [one.slice(start, one.length - tail), other.slice(start, other.length - tail)];
}

/** Whether one letter was added, left out, replaced, or moved by at most two places. */
function isOneEdit(one: string, other: string): boolean {
  const [a, b] = difference(one, other);
  const isMoved = a.length < 4 && [a.slice(1) + a[0], a.at(-1) + a.slice(0, -1)].includes(b);
  return (a.length < 2 && b.length < 2) || isMoved;
}

/** The same, if the letter was replaced by one that is near. */
function isSlip(one: string, other: string): boolean {
  const [a, b] = difference(one, other);
  return isOneEdit(one, other) && (a.length !== 1 || b.length !== 1 || isNear(a, b));
}

function isSwapped(one: string, other: string): boolean {
  const [a, b] = difference(one, other);
  return a.length === 2 && b === `${a[1]}${a[0]}`;
}

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
rambler ru
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
libero it
virgilio it
tiscali it
freenet de
t-online de
bluewin ch
telenet be
seznam cz
interia pl
bigpond com
uol com.br
terra com.br
gmx de net at ch com fr`;

const providers = table.split('\n').map((row) => row.split(' ') as [name: string, ...ends: string[]]);

/** Domains of others that are one letter away from a provider's. Those with mail for everybody are in the same list. */
const others =
  /^(mail|email|gail|grail|cloud|never|eastmail|lastmail|gotmail|hitmail|prontomail)\.com$|^(photon\.me|earthling\.net)$/;

/** The address with the domain that was probably meant. Undefined if the domain is real, or like no provider's. */
export function suggestAddress(text: string): string | undefined {
  const [, name, typed] = /^([^\s@]+@)([^\s@]+)$/.exec(text.trim()) ?? [];
  const domain = typed && suggestDomain(typed.toLowerCase());
  return domain && name + domain;
}

function suggestDomain(domain: string): string | undefined {
  const [, name = '', dot = '', end = ''] = /^([^.,]*)([.,]?)(.*)$/.exec(domain) ?? [];
  let best = 3;
  let found: string | undefined;
  if (others.test(domain)) return undefined;
  for (const [provider, ...ends] of providers) {
    for (const one of ends) {
      if (domain === `${provider}.${one}`) return undefined;
      // `gmail` and `gmailcom`: the end, or only the dot, is missing.
      const isCut = !dot && (name === provider || name === provider + one);
      const distance = isCut ? 0 : nameDistance(name, provider) + endDistance(end, one, provider === name);
      if (distance < best) [best, found] = [distance, `${provider}.${one}`];
    }
  }
  return found;
}

/** 0 or 1, or more than is asked about. Short names are like too many others, and so are long ones without their first letter. */
function nameDistance(typed: string, provider: string): number {
  if (typed === provider) return 0;
  const isLong = provider.length > 6;
  const sameStart = typed.startsWith(provider[0]!) || typed.startsWith(provider[1]! + provider[0]!);
  return provider.length > 4 && (isLong || sameStart) && isOneEdit(typed, provider) ? 1 : 9;
}

/** 0 or 1, or more than is asked about. Behind a provider's name, `fr` and `com.tr` are those of another country; `co`, `cm` and `om` are not. */
function endDistance(typed: string, end: string, isProvider: boolean): number {
  if (typed === end) return 0;
  const isCountry = typed.length < 3 ? !isProvider || end !== 'com' : isProvider && /^com?\.[a-z]{2}$/.test(typed);
  return end.length > 2 && !isCountry && isOneEdit(typed, end) ? 1 : 9;
}

/** Whether one letter was added, left out, replaced, or moved by at most two places. */
function isOneEdit(one: string, other: string): boolean {
  const shorter = Math.min(one.length, other.length);
  let [start, tail] = [0, 0];
  while (start < shorter && one[start] === other[start]) start++;
  while (tail < shorter - start && one.at(-1 - tail) === other.at(-1 - tail)) tail++;
  const [a, b] = [one.slice(start, one.length - tail), other.slice(start, other.length - tail)];
  const isMoved = a.length < 4 && [a.slice(1) + a[0], a.at(-1) + a.slice(0, -1)].includes(b);
  return (a.length < 2 && b.length < 2) || isMoved;
}

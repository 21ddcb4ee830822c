/** Finds the country of an E.164 number by its prefix, and the calling code of a country. Validates no number. */

const table =
  'US1 RU7 EG20 ZA27 GR30 NL31 BE32 FR33 ES34 HU36 IT39 RO40 CH41 AT43 GB44 DK45 SE46 NO47 PL48 DE49 PE51 MX52 CU53 AR54 ' +
  'BR55 CL56 CO57 VE58 MY60 AU61 ID62 PH63 NZ64 SG65 TH66 JP81 KR82 VN84 CN86 TR90 IN91 PK92 AF93 LK94 MM95 IR98 SS211 ' +
  'MA212 DZ213 TN216 LY218 GM220 SN221 MR222 ML223 GN224 CI225 BF226 NE227 TG228 BJ229 MU230 LR231 SL232 GH233 NG234 ' +
  'TD235 CF236 CM237 CV238 ST239 GQ240 GA241 CG242 CD243 AO244 GW245 IO246 AC247 SC248 SD249 RW250 ET251 SO252 DJ253 ' +
  'KE254 TZ255 UG256 BI257 MZ258 ZM260 MG261 RE262 ZW263 NA264 MW265 LS266 BW267 SZ268 KM269 SH290 ER291 AW297 FO298 ' +
  'GL299 GI350 PT351 LU352 IE353 IS354 AL355 MT356 CY357 FI358 BG359 LT370 LV371 EE372 MD373 AM374 BY375 AD376 MC377 ' +
  'SM378 UA380 RS381 ME382 XK383 HR385 SI386 BA387 MK389 CZ420 SK421 LI423 FK500 BZ501 GT502 SV503 HN504 NI505 CR506 ' +
  'PA507 PM508 HT509 GP590 BO591 GY592 EC593 GF594 PY595 MQ596 SR597 UY598 CW599 TL670 NF672 BN673 NR674 PG675 TO676 ' +
  'SB677 VU678 FJ679 PW680 WF681 CK682 NU683 WS685 KI686 NC687 TV688 PF689 TK690 FM691 MH692 KP850 HK852 MO853 KH855 ' +
  'LA856 BD880 TW886 MV960 LB961 JO962 SY963 IQ964 KW965 SA966 YE967 OM968 PS970 AE971 IL972 BH973 QA974 BT975 MN976 ' +
  'NP977 TJ992 TM993 AZ994 GE995 KG996 UZ998 ' +
  // Countries that share a calling code, by the digits that distinguish them.
  'KZ76 KZ77 AG1268 AI1264 AS1684 BB1246 BM1441 BS1242 DM1767 DO1809 DO1829 DO1849 GD1473 GU1671 JM1658 JM1876 KN1869 ' +
  'KY1345 LC1758 MP1670 MS1664 PR1787 PR1939 SX1721 TC1649 TT1868 VC1784 VG1284 VI1340 GG441481 GG447781 GG447839 ' +
  'JE441534 JE447797 IM441624 IM447624 CA1204 CA1226 CA1236 CA1250 CA1289 CA1306 CA1343 CA1365 CA1403 CA1416 CA1418 ' +
  'CA1431 CA1437 CA1438 CA1450 CA1506 CA1514 CA1519 CA1548 CA1579 CA1581 CA1587 CA1604 CA1613 CA1639 CA1647 CA1672 ' +
  'CA1705 CA1709 CA1778 CA1780 CA1782 CA1807 CA1819 CA1825 CA1867 CA1873 CA1902 CA1905 AX35818 BQ5993 BQ5994 BQ5997 ' +
  'CC6189162 CX6189164 EH2125288 EH2125289 SJ4779 VA3906698 YT262269 YT262639';

const byPrefix = new Map(table.split(' ').map((entry) => [entry.slice(2), entry.slice(0, 2)]));

/** The entries that are a calling code by themselves; the others extend one: `+441481…` is GG, calling code 44. */
const callingCodes = table
  .split(' ')
  .map((entry) => entry.slice(2))
  .filter((code) => code.length <= 3 && !/^(1.|7.)/.test(code));

/** The country as ISO 3166-1 alpha-2, or undefined if no country has that prefix. */
export function countryOf(to: string): string | undefined {
  for (let length = 7; length > 0; length -= 1) {
    const country = byPrefix.get(to.slice(1, 1 + length));
    if (country) return country;
  }
  return undefined;
}

/** The codes of ISO 3166-1 that are not in the table: they have no numbers of their own, or share a country's. */
const withoutPrefix = 'AQ BL BV GS HM MF PN TF UM';

/** Every country of ISO 3166-1 alpha-2, and two more that have a calling code: AC and XK. */
export const countries: readonly string[] = [
  ...new Set([...byPrefix.values(), ...withoutPrefix.split(' ')]),
].toSorted();

/** A country's calling code without `+`, or undefined if it has none of its own. */
export function callingCodeIn(country: string): string | undefined {
  const [prefix] = [...byPrefix].find(([, one]) => one === country) ?? [];
  return prefix === undefined ? undefined : callingCodeOf(`+${prefix}`);
}

/** The calling code without `+`. */
export function callingCodeOf(to: string): string | undefined {
  return callingCodes.find((code) => to.startsWith(`+${code}`));
}

/** Whether a rule (`GB`, `+447700`) covers a number. */
export function covers(rule: string, to: string): boolean {
  return rule.startsWith('+') ? to.startsWith(rule) : rule.toUpperCase() === countryOf(to);
}

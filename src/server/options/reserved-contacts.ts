/** Contacts that belong to nobody, and that the backend accepts: numbers reserved for fiction, and addresses of reserved domains. */

/**
 * The ranges, in E.164. A range stands here only if its regulator says so and `parseContact` accepts its numbers, without an
 * exception: the fictional mobile numbers of the United Kingdom (+44 7700 900xxx), France and Ireland are not valid ones.
 */
const reservedNumbers: readonly RegExp[] = [
  // Line numbers 555-0100 to 555-0199 of each area code (ATIS-0300115, https://www.nanpa.com/numbering/555-line-numbers). Not of
  // toll-free codes, in which one of them is assigned.
  /^\+1(?!8(?:00|33|44|55|66|77|88))[2-9]\d\d55501\d\d$/,
  // Australia: https://www.acma.gov.au/phone-numbers-use-tv-shows-films-and-creative-works
  /^\+61491570(?:006|110|15[6-9])$/,
  // Germany: Bundesnetzagentur, Mitteilung 148/2021, Amtsblatt 7/2021.
  /^\+49(?:15228817386|15228895456|15254599371|17139200\d\d|1729925904|1729968532|172997318[56]|1729980752)$/,
  /^\+49(?:1749091317|1749464308|176040690\d\d)$/,
  // Sweden: Post- och telestyrelsen, "Telefonnummer för användning i böcker och filmer", 070-174 06 05 to 99.
  /^\+4670174(?:060[5-9]|06[1-9]\d)$/,
];

/** RFC 2606 and RFC 6761. Nobody can have a mailbox in these domains, nor below them. */
const reservedDomain = /(?:^|\.)(?:example\.(?:com|net|org)|example|test|invalid|localhost)$/;

/** Whether a contact belongs to nobody: a number in E.164, or an address whose domain is in lower case. */
export function isReserved(contact: string): boolean {
  if (contact.startsWith('+')) return reservedNumbers.some((range) => range.test(contact));
  return reservedDomain.test(contact.slice(contact.lastIndexOf('@') + 1));
}

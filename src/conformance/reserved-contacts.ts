/** Contacts that belong to nobody, so that no message reaches a person, even if a backend is wrong or uses the real Twilio. */

/** Area codes of the USA. In each, 555-0100 to 555-0199 are reserved for fiction (North American Numbering Plan). */
const areaCodes = (
  '201 202 203 205 206 207 208 209 210 212 213 214 215 216 217 218 219 224 225 228 229 231 234 239 240 248 251 252 253 ' +
  '254 256 260 262 267 269 270 276 281 301 302 303 304 305 307 308 309 310 312 313 314 315 316 317 318 319 320 321 323 ' +
  '330 334 336 337 339 347 351 352 360 361 386 401 402 404 405 406 407 408 409 410 412 413 414 415 417 419 423 425 432'
).split(' ');

/** A number that nobody has. */
export const UNASSIGNED_NUMBER = '+14155550123';

/** One of 8,700 numbers that nobody has. */
export function reservedNumber(): string {
  const area = areaCodes[Math.floor(Math.random() * areaCodes.length)];
  return `+1${area}55501${String(Math.floor(Math.random() * 100)).padStart(2, '0')}`;
}

/** An address of the domain that is reserved for examples (RFC 2606). It takes no mail (RFC 7505). */
export const reservedAddress = (): string => `conformance-${crypto.randomUUID()}@example.com`;

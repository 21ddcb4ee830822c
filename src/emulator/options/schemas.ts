/** The schemas of the emulator's options and services, and the values that they are made of. */
import { z } from 'zod';
import { countries } from '../model/countries.js';
import { deliveryStatuses, type Delivery } from '../model/deliveries.js';
import { unfitCode } from '../model/fixed-code.js';
import { contradictionIn } from '../model/service.js';
import type { Assumptions, EmulatorOptions, ServiceOptions, Template } from '../model/options.js';
import type { FactorFilter } from '../model/entities.js';
import type { OutboxFilter } from '../model/outbox.js';
import { nearestOf, strict } from './validation.js';

/** A schema for each name of a type, and for no other name. */
export type Shape<T> = Record<keyof T, z.ZodType>;

/** True or false, and no text that says so. */
export const flag = z.boolean({ error: 'true or false' });
/** A text that is not empty. */
const someText = z.string({ error: 'a text that is not empty' }).min(1, { error: 'a text that is not empty' });

/** A whole number. */
export function whole(from: number, to: number) {
  const error = `a whole number from ${from} to ${to}`;
  return z.int({ error }).min(from, { error }).max(to, { error });
}

/** A text of this form; `error` says what it must be. */
function text(pattern: RegExp, error: string) {
  return z.string({ error }).regex(pattern, { error });
}

/** One of these values. */
function oneOf<const T extends readonly (string | number)[]>(values: T) {
  return z.literal(values, { error: `one of ${values.map((one) => JSON.stringify(one)).join(', ')}` });
}

/** A list without duplicates. `nameOf` says what two items must not share. */
function list<T extends z.ZodType>(item: T, nameOf: (item: z.output<T>) => unknown = (one) => one) {
  const isUnique = (items: z.output<T>[]) => new Set(items.map(nameOf)).size === items.length;
  return z.array(item, { error: 'a list' }).refine(isUnique, { error: 'a list without duplicates' });
}

/** `"UK" is no country of ISO 3166-1; the nearest is "GB".` */
function notACountry(code: string): string {
  // What people write for the two countries whose usual abbreviation is another.
  const usual: Record<string, string> = { UK: 'GB', EL: 'GR' };
  const nearest = usual[code] ?? nearestOf(code, countries);
  return `${JSON.stringify(code)} is no country of ISO 3166-1; the nearest is ${JSON.stringify(nearest)}.`;
}

function callback<T extends (...args: never[]) => unknown>() {
  return z.custom<T>((value) => typeof value === 'function', { error: 'a function' });
}

/** The identifier of a Twilio resource. */
const sid = (prefix: string) => text(new RegExp(`^${prefix}[0-9a-fA-F]{32}$`), `${prefix} and 32 hexadecimal digits`);
const prefix = text(/^\+\d{1,15}$/, 'a prefix of numbers, such as "+447700"');
const region = text(/^([A-Z]{2}|\+\d{1,15})$/, 'a country, such as "GB", or a prefix, such as "+447700"').refine(
  (value) => value.startsWith('+') || countries.includes(value),
  { error: ({ input }) => notACountry(String(input)) },
);
const deliveryStatus = oneOf(deliveryStatuses);
/** Whom a call or a message goes to. What else a program sends, Twilio refuses. */
export const destinationText = text(
  /^(\+[1-9]\d{6,14}|[^\s@]+@[^\s@]+\.[^\s@]+)$/,
  'a number in E.164, such as "+447400123456" (in an address, "%2B" stands for "+"), or an e-mail address',
);
/** The name of an entity. What else a program asks for, no entity is called. */
export const identityText = text(/^[A-Za-z\d-]{8,64}$/, '8 to 64 letters, digits and dashes');
/** How a message can have been delivered. */
export const deliveryChannel = oneOf(['sms', 'call', 'email', 'whatsapp', 'rcs']);
export const httpMethod = text(/^(get|post|put|patch|delete|head|options)$/i, 'an HTTP method');
/** Paths are percent-encoded, and end where a query begins. */
export const partOfPath = text(
  /^[^\s?#\u0080-\uffff]+$/,
  'a part of a path as it is sent, without the query, such as "/VerificationCheck"',
);
/** A timer's time. Beyond it, a timer of the platform would end at once. */
export const milliseconds = whole(0, 2 ** 31 - 1);
/** A code of Twilio's dictionary. */
const errorCode = whole(10_000, 99_999);
/** How many of something. */
export const count = whole(0, 1_000_000_000);

const geo = strict({ allow: list(region).optional(), deny: list(region).optional() }).refine(
  ({ allow = [], deny = [] }) => !allow.some((one) => deny.includes(one)),
  { error: '"geo" allows and denies the same region: leave it out of one list.' },
);

const settings = {
  friendlyName: someText.optional(),
  codeLength: whole(4, 10).optional(),
  ttlSeconds: whole(1, 86_400).optional(),
  mailer: flag.optional(),
  channels: list(oneOf(['sms', 'call', 'email', 'whatsapp', 'sna', 'rcs'])).optional(),
  geo: geo.optional(),
  fraudPrefixes: list(prefix).optional(),
  landlines: list(prefix).optional(),
  trial: flag.optional(),
  verifiedNumbers: list(text(/^\+[1-9]\d{6,14}$/, 'a number in E.164, such as "+447400123456"')).optional(),
  autoChannel: flag.optional(),
  chinaVetted: flag.optional(),
  rcsUpgrade: flag.optional(),
  skipSmsToLandlines: flag.optional(),
  lookupEnabled: flag.optional(),
  doNotShareWarningEnabled: flag.optional(),
  customCodeEnabled: flag.optional(),
  customMessageEnabled: flag.optional(),
  magicLink: text(/^[a-z][a-z\d+.-]*:.*\{\{ *twilio_code *\}\}/i, 'a link that has {{twilio_code}} in it').optional(),
  psd2Enabled: flag.optional(),
  dtmfInputRequired: flag.optional(),
  totp: strict({
    issuer: someText.optional(),
    timeStep: whole(20, 60).optional(),
    codeLength: whole(3, 8).optional(),
    skew: whole(0, 2).optional(),
  }).optional(),
} satisfies Shape<Omit<ServiceOptions, 'sid'>>;

/** What may change while a service runs. */
export const ServiceChanges = strict(settings);

/** `POST /services` of the control plane. */
export const ServiceBody = strict({ sid: sid('VA'), ...settings });

/** One of the options' services, whose settings must not contradict each other; of the others, the emulator says so. */
const ConsistentService = ServiceBody.superRefine((service, context) => {
  const message = contradictionIn(service);
  if (message !== undefined) context.addIssue({ code: 'custom', message });
});

const assumptions = {
  missingParameterCode: oneOf([20001, 60200]).optional(),
  rateLimitExceededCode: oneOf([20429, 60203]).optional(),
  sendWhileLockedCode: oneOf([60202, 60203]).optional(),
  unknownRateLimit: oneOf(['ignore', 'refuse']).optional(),
  malformedCodeCounts: flag.optional(),
  unsupportedLocale: oneOf([60200, 20404, 'fallback']).optional(),
  checkWhileLockedCode: oneOf([60202, 20404]).optional(),
  cancelWhileLocked: oneOf([20404, 'allow']).optional(),
  checkAfterCancel: oneOf([20404, 'canceled']).optional(),
  otherCustomCode: oneOf(['replace', 'create', 'keep', 60200]).optional(),
  otherPayment: oneOf(['create', 'replace', 'keep', 60200]).optional(),
  disabledCustomCode: oneOf(['ignore', 60204]).optional(),
  toBesideSid: oneOf(['sid', 'to', 'both', 60200]).optional(),
  otherContentType: oneOf([68004, 'read']).optional(),
  invalidQueryCode: oneOf([60200, 20001]).optional(),
  maxPageSize: whole(1, 1000).optional(),
  concurrentSends: oneOf(['allow', 'refuse']).optional(),
  pollLimits: flag.optional(),
  emailCaseSensitive: flag.optional(),
  conversion: oneOf(['last', 'all']).optional(),
  deliveryReportSeconds: count.optional(),
  callStatusName: oneOf(['call_status', 'message_status']).optional(),
  maxRateLimits: count.optional(),
  maxBuckets: count.optional(),
  wrongFactorCode: oneOf(['unverified', 60311]).optional(),
  wrongChallengeCode: oneOf(['pending', 60324]).optional(),
  repeatedTotpCode: oneOf(['accept', 'refuse']).optional(),
  codeForVerifiedFactor: oneOf(['ignore', 60311]).optional(),
  unverifiedFactorHours: whole(1, 24).optional(),
  statuses: z
    .record(z.string().regex(/^\d{5}$/), whole(400, 599), { error: 'an object of statuses by error code' })
    .optional(),
} satisfies Shape<Assumptions>;

const template = { sid: sid('HJ'), text: someText, friendlyName: someText.optional() } satisfies Shape<Template>;
const lineType = oneOf([
  'mobile',
  'landline',
  'fixedVoip',
  'nonFixedVoip',
  'personal',
  'tollFree',
  'premium',
  'voicemail',
  'pager',
  'unknown',
]);

const code = text(/^\d{4,10}$/, 'a code of 4 to 10 digits, such as "123456"');
const fixedCode = z.union([code, z.record(z.string().regex(/^\+[1-9]\d{6,14}$|.@./), code)], {
  error: 'a code of 4 to 10 digits, such as "123456", or an object of such codes by number in E.164 or e-mail address',
});
const hostName = text(/^([\w-]+(\.[\w-]+)*|\[[\da-fA-F:.]+\])$/, 'a host name without a port, such as "emulator"');

/** The functions among the options, which a file cannot hold. */
interface Callbacks {
  now: EmulatorOptions['now'];
  random: EmulatorOptions['random'];
  wait: EmulatorOptions['wait'];
  strictNumbers: EmulatorOptions['strictNumbers'];
  log: EmulatorOptions['log'];
}

const callbacks = {
  now: callback<() => number>().optional(),
  random: callback<(length: number) => string>().optional(),
  wait: callback<(ms: number, signal: AbortSignal) => Promise<void>>().optional(),
  strictNumbers: callback<(to: string) => boolean>().optional(),
  log: callback<(text: string) => void>().optional(),
} satisfies Shape<Callbacks>;

const data = {
  accountSid: sid('AC').optional(),
  authToken: someText.optional(),
  apiKeys: list(strict({ sid: sid('SK'), secret: someText }), (one) => one.sid).optional(),
  fixedCode: fixedCode.optional(),
  services: list(ConsistentService, (one) => one.sid).optional(),
  templates: list(strict(template), (one) => one.sid).optional(),
  lineTypes: z
    .record(z.string().regex(/^\+\d{1,15}$/), lineType, { error: 'an object of line types by prefix, such as "+1900"' })
    .optional(),
  deliveries: z
    .record(destinationText, deliveryStatus, { error: 'an object of states by number in E.164 or e-mail address' })
    .optional(),
  magicNumbers: flag.optional(),
  allowedHosts: list(hostName, (one) => one.toLowerCase()).optional(),
  assume: strict(assumptions).optional(),
  retention: strict({
    messages: whole(1, 1_000_000_000).optional(),
    calls: whole(1, 1_000_000_000).optional(),
    attempts: whole(1, 1_000_000_000).optional(),
    verifications: whole(1, 1_000_000_000).optional(),
  }).optional(),
} satisfies Shape<Omit<EmulatorOptions, keyof Callbacks | 'control'>>;

/** As at run time, each service of the options is asked for the length of its codes. */
function checkFixedCode(
  { fixedCode, services = [] }: z.output<z.ZodObject<Pick<typeof data, 'fixedCode' | 'services'>>>,
  context: z.core.$RefinementCtx,
): void {
  // There are two services of six digits, unless the options name others.
  const lengths = [...services.map((one) => one.codeLength ?? 6), 6, 6].slice(0, Math.max(2, services.length));
  const message = unfitCode(fixedCode, lengths);
  if (message !== undefined) context.addIssue({ code: 'custom', message });
}

/** The options of `createEmulator`. */
export const Options = strict({ ...data, ...callbacks, control: flag.optional() }).superRefine(checkFixedCode);

/** A shell, and each reader of a file of settings, has its own rules for quotes. These need none. */
const printedSecret = text(
  /^[\w.~+/=-]+$/,
  'of letters, digits and the characters _ . ~ + / = - only, since it is printed as a setting',
);

/** The file that the command reads its options from. */
export const ConfigFile = strict({
  $schema: someText.optional(),
  ...data,
  authToken: printedSecret.optional(),
  apiKeys: list(strict({ sid: sid('SK'), secret: printedSecret }), (one) => one.sid).optional(),
}).superRefine(checkFixedCode);

/** `POST /clock`. Some 100 years at a time, in either direction. */
export const ClockBody = strict({
  advance: z
    .number({ error: 'a number of seconds' })
    .min(-3_153_600_000, { error: 'a number of seconds, a hundred years at most' })
    .max(3_153_600_000, { error: 'a number of seconds, a hundred years at most' }),
});

/** A destination with its state. */
export const DeliveryBody = strict({ to: destinationText, status: deliveryStatus } satisfies Shape<Delivery>);

/** The options of `serveEmulator`. */
export const ServeOptions = strict({ port: whole(0, 65_535).optional(), hostname: someText.optional() });

/** What `outbox.list` selects. */
export const OutboxSelection = strict({
  to: destinationText.optional(),
  channel: deliveryChannel.optional(),
  serviceSid: someText.optional(),
  verificationSid: someText.optional(),
  since: z.number({ error: 'milliseconds since 1970' }).optional(),
  limit: whole(1, 1_000_000_000).optional(),
} satisfies Shape<OutboxFilter>);

/** What `factors.list` selects. */
export const FactorSelection = strict({
  identity: identityText.optional(),
  serviceSid: someText.optional(),
  limit: whole(1, 1_000_000_000).optional(),
} satisfies Shape<FactorFilter>);

export { errorCode as twilioErrorCode, oneOf as oneOfValues, sid as sidText, text as matchingText };

/** The schemas of what the control plane returns. Nothing is checked against them but the tests' own requests, and the document is made from them. */
import { z } from 'zod';
import type { Call, Credentials } from '../model/account.js';
import type { FactorSummary } from '../model/entities.js';
import type { OutboxMessage } from '../model/outbox.js';
import type { VerificationSummary } from '../model/verifications.js';
import { faultKind, faultRequestShape } from '../options/fault-schemas.js';
import { oneOfValues, ServiceBody, type Shape } from '../options/schemas.js';

const time = z.iso.datetime();
const sid = (prefix: string) => z.string().regex(new RegExp(`^${prefix}[0-9a-fA-F]{32}$`));
const count = z.int().min(0);
const object = z.record(z.string(), z.unknown());

/** What is returned where there is nothing to tell. */
export const Done = z.strictObject({});

/** What is wrong, in one sentence. */
export const ProblemResource = z.strictObject({ error: z.string() });

export const MessageResource = z.strictObject({
  to: z.string(),
  channel: z.string(),
  code: z.string(),
  text: z.string(),
  at: time,
  serviceSid: sid('VA'),
  friendlyName: z.string(),
  verificationSid: sid('VE'),
  attemptSid: sid('VL'),
  locale: z.string(),
  templateSid: z.string().nullable(),
  tags: object.nullable(),
  substitutions: object.nullable(),
  customMessage: z.string().nullable(),
  magicLink: z.string().nullable(),
} satisfies Shape<OutboxMessage>);

export const CallRecord = z.strictObject({
  method: z.string(),
  path: z.string(),
  to: z.string().nullable().describe('The destination, if the call names one or a verification that has one.'),
  status: z.int().min(0).max(599).describe('0: the emulator sent no response.'),
  at: time,
} satisfies Shape<Call>);

export const verificationStatus = oneOfValues(['pending', 'approved', 'canceled', 'max_attempts_reached', 'expired']);

export const VerificationRecord = z.strictObject({
  sid: sid('VE'),
  serviceSid: sid('VA'),
  to: z.string(),
  channel: z.string(),
  status: verificationStatus,
  code: z.string(),
  createdAt: time,
  updatedAt: time,
  expiresAt: time,
  sends: count,
  wrongCodes: count,
} satisfies Shape<VerificationSummary>);

export const FactorRecord = z.strictObject({
  sid: sid('YF'),
  serviceSid: sid('VA'),
  identity: z.string(),
  friendlyName: z.string(),
  issuer: z.string(),
  status: z.enum(['unverified', 'verified']),
  code: z.string(),
  codeExpiresAt: time,
  createdAt: time,
  wrongCodes: count,
} satisfies Shape<FactorSummary>);

export const ClockResource = z.strictObject({ now: time });

export const Identified = z.strictObject({ id: count });

const { times: _, ...faultNames } = faultRequestShape;
const orForever = z.int().min(0).nullable().describe('null: for every call.');

export const FaultResource = z.strictObject({
  id: count,
  ...faultNames,
  kind: faultKind,
  times: orForever,
  remaining: orForever,
});

/** All settings are there. A service without a link has an empty one. */
export const ServiceResource = ServiceBody.required().extend({ magicLink: z.string() });

export const CredentialsResource = z.strictObject({
  accountSid: sid('AC'),
  authToken: z.string(),
  apiKey: z.string(),
  apiSecret: z.string(),
  services: z.strictObject({ contact: sid('VA'), twoFactor: sid('VA') }),
} satisfies Shape<Credentials & { services: unknown }>);

export const HealthResource = z.strictObject({ status: z.literal('ok') });

export const Index = z.strictObject({
  name: z.string(),
  page: z.string(),
  openapi: z.string(),
  operations: z.array(z.strictObject({ method: z.string(), path: z.string(), summary: z.string() })),
});

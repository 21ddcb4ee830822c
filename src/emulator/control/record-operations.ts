/** The operations on what the emulator has recorded: its calls, its verifications and its authenticator apps. */
import { z } from 'zod';
import { destinationText, httpMethod, identityText, partOfPath } from '../options/schemas.js';
import { strict } from '../options/validation.js';
import { operation } from './operation.js';
import { limitInQuery, sidInQuery, timeInQuery, wholeInQuery } from './query-values.js';
import { CallRecord, Done, FactorRecord, verificationStatus, VerificationRecord } from './resources.js';

export const recordOperations = {
  'GET /calls': operation({
    summary: 'List the requests that reached the API, newest first',
    query: strict({
      method: httpMethod.optional(),
      path: partOfPath.describe('A part of the path.').optional(),
      to: destinationText.optional(),
      status: wholeInQuery(0, 599).describe('0: the emulator sent no response.').optional(),
      since: timeInQuery.optional(),
      limit: limitInQuery.optional(),
    }),
    returns: z.array(CallRecord),
    run: ({ calls }, { query: { method, path, to, status, since, limit } }) =>
      calls
        .filter(
          (call) =>
            (method === undefined || call.method === method.toUpperCase()) &&
            (path === undefined || call.path.includes(path)) &&
            (to === undefined || call.to === to) &&
            (status === undefined || call.status === status) &&
            (since === undefined || call.at >= since),
        )
        .toReversed()
        .slice(0, limit)
        .map((call) => ({ ...call, to: call.to ?? null, at: new Date(call.at).toISOString() })),
  }),
  'DELETE /calls': operation({
    summary: 'Forget the requests so far',
    returns: Done,
    run({ calls }) {
      calls.length = 0;
      return {};
    },
  }),
  'GET /verifications': operation({
    summary: 'List the verifications with their state, newest first, those too that the API no longer finds',
    query: strict({
      to: destinationText.optional(),
      serviceSid: sidInQuery('VA').optional(),
      status: verificationStatus.optional(),
      limit: limitInQuery.optional(),
    }),
    returns: z.array(VerificationRecord),
    run: ({ verifications }, { query: { to, serviceSid, status, limit } }) =>
      verifications
        .list()
        .filter(
          (one) =>
            (to === undefined || one.to === to) &&
            (serviceSid === undefined || one.serviceSid === serviceSid) &&
            (status === undefined || one.status === status),
        )
        .slice(0, limit),
  }),
  'GET /factors': operation({
    summary: 'List the authenticator apps with the codes that they show now, newest first',
    query: strict({
      identity: identityText.optional(),
      serviceSid: sidInQuery('VA').optional(),
      limit: limitInQuery.optional(),
    }),
    returns: z.array(FactorRecord),
    run: ({ factors }, { query }) => factors.list(query),
  }),
};

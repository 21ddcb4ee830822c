/** Maps Twilio's paths to their handlers. Contains no rules. */
import { fetchAttempt, listAttempts, summarizeAttempts } from './attempts.js';
import { checkVerification, fetchVerification, updateVerification } from './verification-routes.js';
import { lookUp } from './lookup.js';
import { createChallenge, fetchChallenge, listChallenges, updateChallenge } from './challenges.js';
import { createEntity, deleteEntity, fetchEntity, listEntities } from './entities.js';
import { createFactor, fetchFactor, listFactors, removeFactor, updateFactor } from './factors.js';
import { unsupportedRoutes } from './not-supported.js';
import {
  createBucket,
  createRateLimit,
  deleteBucket,
  deleteRateLimit,
  fetchBucket,
  fetchRateLimit,
  listBuckets,
  listRateLimits,
  updateBucket,
  updateRateLimit,
} from './rate-limit-routes.js';
import { addSafeNumber, fetchSafeNumber, removeSafeNumber } from './safe-list.js';
import { createVerification } from './create-verification.js';
import { createService, deleteService, fetchService, listServices, updateService } from './services.js';
import { listTemplates } from './templates.js';
import type { RouteHandler } from './route.js';

const service = '/v2/Services/:service';
const limit = `${service}/RateLimits/:limit`;
const entity = `${service}/Entities/:identity`;

/** Path pattern → HTTP method → handler. Another method on a known path is a 405. */
export const routes: Record<string, Record<string, RouteHandler>> = {
  [`${service}/Verifications`]: { POST: createVerification },
  [`${service}/Verifications/:verification`]: { GET: fetchVerification, POST: updateVerification },
  [`${service}/VerificationCheck`]: { POST: checkVerification },
  '/v2/Attempts': { GET: listAttempts },
  '/v2/Attempts/Summary': { GET: summarizeAttempts },
  '/v2/Attempts/:attempt': { GET: fetchAttempt },
  '/v2/PhoneNumbers/:number': { GET: lookUp },
  '/v2/Services': { GET: listServices, POST: createService },
  [service]: { GET: fetchService, POST: updateService, DELETE: deleteService },
  [`${service}/RateLimits`]: { GET: listRateLimits, POST: createRateLimit },
  [limit]: { GET: fetchRateLimit, POST: updateRateLimit, DELETE: deleteRateLimit },
  [`${limit}/Buckets`]: { GET: listBuckets, POST: createBucket },
  [`${limit}/Buckets/:bucket`]: { GET: fetchBucket, POST: updateBucket, DELETE: deleteBucket },
  [`${service}/Entities`]: { GET: listEntities, POST: createEntity },
  [entity]: { GET: fetchEntity, DELETE: deleteEntity },
  [`${entity}/Factors`]: { GET: listFactors, POST: createFactor },
  [`${entity}/Factors/:factor`]: { GET: fetchFactor, POST: updateFactor, DELETE: removeFactor },
  [`${entity}/Challenges`]: { GET: listChallenges, POST: createChallenge },
  [`${entity}/Challenges/:challenge`]: { GET: fetchChallenge, POST: updateChallenge },
  '/v2/SafeList/Numbers': { POST: addSafeNumber },
  '/v2/SafeList/Numbers/:number': { GET: fetchSafeNumber, DELETE: removeSafeNumber },
  '/v2/Templates': { GET: listTemplates },
  ...unsupportedRoutes,
};

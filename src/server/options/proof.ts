/** What the options of `verifyProof` take. */
import type { JWK } from 'jose';
import { z } from 'zod';
import { Purpose } from '../../protocol/schemas.js';
import { hostFunction, oneOf, optionObject, plainText, policy, yesOrNo } from './kinds.js';
import { jwksOrAddress } from './safe-address.js';

const subjectError = 'must be the id of the user, or null for an anonymous proof.';

/** What the host expects of a proof. */
export const proofOptions = optionObject({
  jwks: jwksOrAddress<{ keys: JWK[] }>(),
  issuer: plainText('must be the issuer of createHandler.').optional(),
  audience: plainText('must be the audience of createHandler.'),
  purpose: oneOf(Purpose.options),
  subject: z.string({ error: subjectError }).min(1, { error: subjectError }).nullable(),
  context: z.string({ error: 'must be a text.' }).optional(),
  allowTest: policy(yesOrNo),
  now: hostFunction.optional(),
});

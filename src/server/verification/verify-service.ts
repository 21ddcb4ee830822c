/** Which Verify service a code comes from. */
import { ProblemError } from '../../protocol/problem-error.js';
import type { Purpose } from '../../protocol/schemas.js';
import type { BackendContext } from '../setup/context.js';
import type { ChallengePayload } from '../tokens/challenge-token.js';
import type { VerifyService } from '../twilio/twilio-options.js';

/** The service that sends and checks the code of a challenge, or of what the limits count. */
export const verifyServiceOf = ({
  purpose,
  longCode,
}: {
  purpose: Purpose;
  longCode?: true | undefined;
}): VerifyService => (longCode ? 'long-code' : purpose);

/** Throws `code-expired` if the host no longer has the service that the code came from. */
export function requireService(
  { longCodes }: Pick<BackendContext, 'longCodes'>,
  { longCode }: Pick<ChallengePayload, 'longCode'>,
): void {
  if (longCode && !longCodes) throw new ProblemError('code-expired');
}

/** Which Verify service a code comes from, or which stand-in for test contacts. */
import { ProblemError } from '../../protocol/problem-error.js';
import type { Purpose } from '../../protocol/schemas.js';
import type { BackendContext } from '../setup/context.js';
import type { ChallengePayload } from '../tokens/challenge-token.js';
import type { CodeService } from '../twilio/twilio-options.js';

/** The service that sends and checks the code of a challenge, or of what the limits count. */
export const verifyServiceOf = ({
  purpose,
  longCode,
  test,
}: {
  purpose: Purpose;
  longCode?: true | undefined;
  test?: true | undefined;
}): CodeService => (test ? `test-${purpose}` : longCode ? 'long-code' : purpose);

/** Throws `code-expired` if the host no longer has the service that the code came from, or the test contact has ended. */
export function requireService(
  { longCodes, testContacts }: Pick<BackendContext, 'longCodes' | 'testContacts'>,
  { longCode, test, contact }: Pick<ChallengePayload, 'longCode' | 'test' | 'contact'>,
): void {
  if ((longCode && !longCodes) || (test && !testContacts.find(contact))) throw new ProblemError('code-expired');
}

/** The backend of both elements, under /verify. */
import { verification } from '../../../lib/verify.js';

async function handle(request) {
  const { verify } = await verification();
  return verify(request);
}

export { handle as GET, handle as POST };

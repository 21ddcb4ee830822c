/** Receives the proof of the second factor. */
import * as shop from 'shop';
import { formRoute, verification } from '../../lib/verify.js';

export const POST = formRoute(async ({ proof }, cookies) => {
  const session = shop.demandSession(cookies);
  const { proven } = await verification();
  await proven(proof, 'two-factor', session.id);
  return shop.openSession(session, true, cookies);
});

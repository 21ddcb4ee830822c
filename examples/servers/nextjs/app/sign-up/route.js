/** Receives the sign-up form and makes an account for a verified contact. */
import * as shop from 'shop';
import { formRoute, verification } from '../../lib/verify.js';

export const POST = formRoute(async ({ name, password, proof }, cookies) => {
  shop.checkNewUser(name, password);
  const { accounts, proven } = await verification();
  const { contact } = await proven(proof, 'contact', null);
  const user = await shop.addUser(name, password);
  await accounts.contactVerified(user.id, contact);
  // The code that the person just entered is the second factor of this first session.
  return shop.openSession(user, true, cookies);
});

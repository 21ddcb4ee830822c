/** Receives the sign-in form and starts a session that may still need the second factor. */
import * as shop from 'shop';
import { twoFactorRequired } from 'verify-contact/server';
import { formRoute, twoFactor, verification } from '../../lib/verify.js';

export const POST = formRoute(async ({ name, password }, cookies) => {
  const { accounts } = await verification();
  const user = await shop.checkPassword(name, password);
  const enough = !twoFactorRequired(twoFactor, await accounts.contacts(user.id));
  return shop.openSession(user, enough, cookies);
});

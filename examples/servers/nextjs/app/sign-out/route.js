/** Ends the session. */
import * as shop from 'shop';
import { formRoute } from '../../lib/verify.js';

export const POST = formRoute(async (fields, cookies) => shop.closeSession(cookies));

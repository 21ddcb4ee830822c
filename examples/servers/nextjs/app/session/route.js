/** Tells the page who is signed in. */
import * as shop from 'shop';

export const GET = (request) => Response.json(shop.sessionView(request.headers.get('cookie')));

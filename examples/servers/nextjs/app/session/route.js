/** Who is there, for the page. */
import * as shop from 'shop';

export const GET = (request) => Response.json(shop.sessionView(request.headers.get('cookie')));

/** The error for what Twilio has and the emulator has not. It links to a page of ours: Twilio's dictionary does not have it. */
import { ApiError } from './errors.js';
import type { RouteHandler, RouteRequest } from './route.js';

const README = 'https://www.npmjs.com/package/verify-contact#the-emulator';

/** The error for a thing that the emulator does not support. */
export function notSupported({ account, origin }: Pick<RouteRequest, 'account' | 'origin'>, what: string): ApiError {
  const page = account.options.control === true ? `${origin}/__emulator/` : README;
  return new ApiError(20501, `The emulator does not support ${what}`, {}, page);
}

const refuse: RouteHandler = (request) => {
  throw notSupported(request, request.path);
};

const refuseVersion1: RouteHandler = (request) => {
  throw notSupported(request, `${request.path}: it has version 2 of Verify and of Lookup`);
};

const verbs = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];
const every = (handle: RouteHandler): Record<string, RouteHandler> =>
  Object.fromEntries(verbs.map((verb) => [verb, handle]));

/** Paths of Twilio that the emulator does not have, and of the first version of both APIs. */
export const unsupportedRoutes: Record<string, Record<string, RouteHandler>> = {
  '/v1/*': every(refuseVersion1),
  ...Object.fromEntries(
    [
      '/v2/Services/:service/Entities/:identity/Challenges/:challenge/Notifications/*',
      '/v2/Services/:service/Passkeys/*',
      '/v2/Services/:service/MessagingConfigurations/*',
      '/v2/Services/:service/Webhooks/*',
      '/v2/Services/:service/AccessTokens/*',
      '/v2/Forms/*',
      '/v2/PhoneNumbers/:number/Overrides/*',
      '/v2/RateLimits/*',
      '/v2/batch/*',
    ].map((path) => [path, every(refuse)]),
  ),
};

/** Twilio's errors of Verify and Lookup, and the body that reports them. */

/** Code → HTTP status and Twilio's message. Source: twilio.com/docs/api/errors and observed responses. */
const dictionary: Record<number, [status: number, message: string]> = {
  20001: [400, 'Missing required parameter'],
  20003: [401, 'Authenticate'],
  20004: [405, 'Method not allowed'],
  20404: [404, 'The requested resource was not found'],
  20429: [429, 'Too many requests'],
  20500: [500, 'Internal Server Error'],
  20501: [501, 'The emulator does not support this resource'],
  20503: [503, 'Service is unavailable. Please try again'],
  21608: [
    403,
    'The phone number is unverified. Trial accounts cannot send messages to unverified numbers; ' +
      'verify it at twilio.com/user/account/phone-numbers/verified',
  ],
  60001: [400, 'Downstream Authentication Failed'],
  60200: [400, 'Invalid parameter'],
  60202: [429, 'Max check attempts reached'],
  60203: [429, 'Max send attempts reached'],
  60204: [403, 'Service does not support this feature'],
  60205: [403, 'SMS is not supported by landline phone number'],
  60206: [400, "'Amount' & 'Payee' params are required"],
  60207: [400, 'Max rate limits per service reached'],
  60208: [400, 'Rate limit with that UniqueName already exists'],
  60209: [400, 'UniqueName format is invalid'],
  60210: [400, 'Max Buckets per Rate limit reached'],
  60211: [400, 'Bucket with the given Interval already exists'],
  60212: [429, 'Too many concurrent requests for phone number'],
  60214: [400, 'Call channel is not supported when using PSD2'],
  60217: [400, 'A Mailer must be associated with the service'],
  60220: [400, 'Messages to China require use case vetting'],
  60221: [400, 'No target verification specified'],
  60223: [400, 'Delivery channel disabled'],
  60228: [400, 'Template was not found'],
  60238: [403, 'Verification creation attempt is blocked by Twilio'],
  60243: [400, 'Custom messages are not supported'],
  60242: [400, 'WhatsApp template not found'],
  60245: [429, 'You have exceeded your messaging limits'],
  60251: [400, 'Invalid Templates parameter'],
  60301: [409, 'Entity already exists'],
  60306: [400, 'Invalid Request'],
  60308: [429, 'Challenge verification attempts limit reached'],
  60310: [429, 'Factor verification attempts reached'],
  60311: [403, 'Factor verification failed'],
  60312: [429, 'Challenge creation limit reached'],
  60315: [400, 'Reached max limit of 100 totp Factors associated per Entity'],
  60318: [403, 'Factor is unverified'],
  60322: [403, 'Challenge already responded'],
  60323: [403, 'Challenge expired'],
  60324: [403, 'Challenge verification failed'],
  60326: [429, 'Too many requests to create factors for the entity'],
  60373: [400, 'Invalid page size'],
  60408: [400, 'TemplateSid is not supported by the email channel'],
  60410: [403, 'The destination phone number has been temporarily blocked by Twilio due to fraudulent activities.'],
  60411: [400, 'Phone number is already in the SafeList'],
  60412: [403, 'Blocked by Fraudulent Signup Prevention'],
  60413: [403, 'Blocked by Device Intelligence'],
  60602: [400, 'App hash can only be used with SMS channel'],
  68004: [400, 'Input Error'],
  60605: [403, 'The destination phone number has been blocked by Verify Geo-Permissions.'],
};

/** The body of every 4xx and 5xx, with the keys in Twilio's order. */
interface ErrorBody {
  code: number;
  message: string;
  more_info: string;
  status: number;
}

/** An error of Twilio's API. Routes throw it; the router turns it into a response. */
export class ApiError extends Error {
  override name = 'ApiError';
  readonly code: number;
  readonly headers: Record<string, string>;
  /** The page about the error. Default: Twilio's. */
  readonly moreInfo: string | undefined;

  constructor(code: number, message?: string, headers: Record<string, string> = {}, moreInfo?: string) {
    super(message ?? dictionary[code]?.[1] ?? 'Unknown error');
    this.code = code;
    this.headers = headers;
    this.moreInfo = moreInfo;
  }
}

/** The error for a missing parameter, as the platform words it. */
export function missingParameter(name: string): ApiError {
  return new ApiError(20001, `Missing required parameter ${name} in the post body`);
}

/** The error for an invalid parameter, except `To`. */
export function invalidParameter(name: string): ApiError {
  return new ApiError(60200, `Invalid parameter: ${name}`);
}

/** The error for an invalid `To`. Verify words this one differently, with backticks and the value. */
export function invalidTo(value: string): ApiError {
  return new ApiError(60200, `Invalid parameter \`To\`: ${value}`);
}

/** The error for an unknown resource. `path` is the request's own, with `/v2` and without the query. */
export function notFound(path: string): ApiError {
  return new ApiError(20404, `The requested resource ${path} was not found`);
}

/** The HTTP status of a code: from `statuses`, else the dictionary, else 400. */
export function httpStatusOf(code: number, statuses: Record<number, number> = {}): number {
  return statuses[code] ?? dictionary[code]?.[0] ?? 400;
}

/** The general message of a code. */
export function messageOf(code: number): string {
  return dictionary[code]?.[1] ?? 'Unknown error';
}

/** Builds the body of an error response. */
export function errorBody(
  code: number,
  message: string,
  status: number,
  moreInfo = `https://www.twilio.com/docs/errors/${code}`,
): ErrorBody {
  return { code, message, more_info: moreInfo, status };
}

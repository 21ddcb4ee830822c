/** What the command `verify-contact` uses of the backend beyond its public API. No entry point of the package exports this file. */
export { parseContact, type ParsedContact } from './contacts/parse-contact.js';
export { loadPhoneMetadata } from './contacts/phone-metadata.js';
export { serve } from './node.js';
export { defaultMaxConnections } from './options/serve.js';
export { MissingPackageError, missingPackageError } from './runtime/optional-package.js';
export { defaults } from './setup/defaults.js';
export { publicKeyAlgorithms } from './options/bearer.js';
export { countryCodes, countryList } from './options/countries.js';
export { listOf } from './options/kinds.js';
export { nearestName } from './options/nearest-name.js';
export { twilioSid } from './options/twilio.js';
export type { InternalOptions } from './setup/options.js';
export { isClusterNode } from './store/redis-mode.js';
export { importKeys } from './tokens/key-ring.js';
export { mapTwilioError, TwilioError } from './twilio/errors.js';
export { LONG_CODE_LENGTH, twilioDefaults, type VerifyService } from './twilio/twilio-options.js';
export type { ServiceSettings } from './twilio/responses.js';
export { createVerifyClient, type VerifyClient } from './twilio/verify-client.js';

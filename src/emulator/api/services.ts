/** The routes that make, list, change and delete Verify services. */
import { formField, formFlag, paginate } from './route.js';
import { invalidParameter, notFound, ApiError } from './errors.js';
import { isSid, sid } from '../model/identifiers.js';
import { serviceBody } from './service-body.js';
import { openService } from '../model/service.js';
import type { RouteResult, RouteRequest } from './route.js';
import type { Service } from '../model/service.js';

/** The service that a path names. A sid of another kind is a bad parameter to Verify, not an unknown path. */
export function serviceOf({ account, params, path }: RouteRequest): Service {
  const { service: wanted = '' } = params;
  if (!isSid('VA', wanted)) throw new ApiError(60200, 'Invalid parameter (null)');
  const service = account.services.get(wanted);
  if (!service) throw notFound(path);
  return service;
}

/** `GET /v2/Services`. */
export const listServices = (asked: RouteRequest): RouteResult =>
  paginate(asked, 'services', [...asked.account.services.values()], (service) => serviceBody(service, asked));

/** A service made by the API has no mailer yet: that is clicked in the console. */
export function createService(asked: RouteRequest): RouteResult {
  const { account, form } = asked;
  const friendlyName = formField(form, 'FriendlyName');
  if (!friendlyName) throw new ApiError(20001, 'Missing required parameter FriendlyName in the post body');
  const now = account.clock.now();
  const service = openService({ sid: sid('VA'), friendlyName, mailer: false }, now);
  change(service, form);
  account.services.set(service.sid, service);
  return { status: 201, body: serviceBody(service, asked) };
}

/** `GET /v2/Services/{sid}`. */
export const fetchService = (asked: RouteRequest): RouteResult => ({
  status: 200,
  body: serviceBody(serviceOf(asked), asked),
});

/** `POST /v2/Services/{sid}`. */
export function updateService(asked: RouteRequest): RouteResult {
  const service = serviceOf(asked);
  change(service, asked.form);
  service.updatedAt = asked.account.clock.now();
  return { status: 200, body: serviceBody(service, asked) };
}

/** `DELETE /v2/Services/{sid}`; its verifications cannot be reached any more. */
export function deleteService(asked: RouteRequest): RouteResult {
  asked.account.services.delete(serviceOf(asked).sid);
  return { status: 204 };
}

function change(service: Service, form: URLSearchParams): void {
  const friendlyName = formField(form, 'FriendlyName') ?? service.friendlyName;
  const digits = friendlyName.match(/\d/g)?.length ?? 0;
  // The name stands in text messages: letters and a few digits only, so that it cannot pass for a number to call.
  if (friendlyName.length > 30 || digits > 4 || !/^[\p{L}\d _-]+$/u.test(friendlyName))
    throw invalidParameter('FriendlyName');
  const codeLength = Number(formField(form, 'CodeLength') ?? service.codeLength);
  if (!Number.isInteger(codeLength) || codeLength < 4 || codeLength > 10) throw invalidParameter('CodeLength');
  Object.assign(service, {
    friendlyName,
    codeLength,
    lookupEnabled: formFlag(form, 'LookupEnabled', service.lookupEnabled),
    psd2Enabled: formFlag(form, 'Psd2Enabled', service.psd2Enabled),
    skipSmsToLandlines: formFlag(form, 'SkipSmsToLandlines', service.skipSmsToLandlines),
    dtmfInputRequired: formFlag(form, 'DtmfInputRequired', service.dtmfInputRequired),
    doNotShareWarningEnabled: formFlag(form, 'DoNotShareWarningEnabled', service.doNotShareWarningEnabled),
    customCodeEnabled: formFlag(form, 'CustomCodeEnabled', service.customCodeEnabled),
    verifyEventSubscriptionEnabled: formFlag(
      form,
      'VerifyEventSubscriptionEnabled',
      service.verifyEventSubscriptionEnabled,
    ),
    ttsName: formField(form, 'TtsName') ?? service.ttsName,
    defaultTemplateSid: formField(form, 'DefaultTemplateSid') ?? service.defaultTemplateSid,
  });
  for (const [name, value] of form) if (name.includes('.')) service.more[name] = value;
}

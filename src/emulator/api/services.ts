/** The routes that create, list, change and delete Verify services. */
import { formField, formFlag } from './route.js';
import { paginate } from './query.js';
import { invalidParameter, missingParameter, notFound, ApiError } from './errors.js';
import { isSid, sid } from '../model/identifiers.js';
import { serviceBody } from './service-body.js';
import { unfitCodeWith } from '../model/fixed-code.js';
import { openService } from '../model/service.js';
import type { RouteResult, RouteRequest } from './route.js';
import type { Service } from '../model/service.js';

/** The service that the path names. For Verify, a sid of another kind is an invalid parameter, not an unknown path. */
export function serviceOf({ account, params, path }: RouteRequest): Service {
  const { service: serviceSid = '' } = params;
  if (!isSid('VA', serviceSid)) throw new ApiError(60200, 'Invalid parameter (null)');
  const service = account.services.get(serviceSid);
  if (!service) throw notFound(path);
  return service;
}

/** `GET /v2/Services`. */
export const listServices = (request: RouteRequest): RouteResult =>
  paginate(request, 'services', [...request.account.services.values()], (service) => serviceBody(service, request));

/** `POST /v2/Services`. The service has no mailer: Twilio attaches one only in its console. */
export function createService(request: RouteRequest): RouteResult {
  const { account, form } = request;
  const friendlyName = formField(form, 'FriendlyName');
  if (!friendlyName) throw missingParameter('FriendlyName');
  const now = account.clock.now();
  const service = openService({ sid: sid('VA'), friendlyName, mailer: false }, now);
  applyChanges(request, service);
  account.services.set(service.sid, service);
  return { status: 201, body: serviceBody(service, request) };
}

/** `GET /v2/Services/{sid}`. */
export const fetchService = (request: RouteRequest): RouteResult => ({
  status: 200,
  body: serviceBody(serviceOf(request), request),
});

/** `POST /v2/Services/{sid}`. */
export function updateService(request: RouteRequest): RouteResult {
  const service = serviceOf(request);
  applyChanges(request, service);
  service.updatedAt = request.account.clock.now();
  return { status: 200, body: serviceBody(service, request) };
}

/** `DELETE /v2/Services/{sid}`. Its verifications become unreachable. */
export function deleteService(request: RouteRequest): RouteResult {
  request.account.services.delete(serviceOf(request).sid);
  return { status: 204 };
}

function applyChanges({ account, form }: RouteRequest, service: Service): void {
  const friendlyName = formField(form, 'FriendlyName') ?? service.friendlyName;
  const digits = friendlyName.match(/\d/g)?.length ?? 0;
  // Messages contain the name. Few digits are allowed, so that it cannot look like a number to call.
  if (friendlyName.length > 30 || digits > 4 || !/^[\p{L}\d _-]+$/u.test(friendlyName))
    throw invalidParameter('FriendlyName');
  const codeLength = Number(formField(form, 'CodeLength') ?? service.codeLength);
  if (!Number.isInteger(codeLength) || codeLength < 4 || codeLength > 10) throw invalidParameter('CodeLength');
  const unfit = unfitCodeWith(account, { sid: service.sid, codeLength });
  if (unfit !== undefined) throw new ApiError(60200, `Invalid parameter: CodeLength. ${unfit}`);
  const defaultTemplateSid = formField(form, 'DefaultTemplateSid') ?? service.defaultTemplateSid;
  if (defaultTemplateSid !== null && !isSid('HJ', defaultTemplateSid)) throw invalidParameter('DefaultTemplateSid');
  formFlag(form, 'Push.IncludeDate', false);
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
    defaultTemplateSid,
    totp: { ...service.totp, ...totpChanges(form) },
  });
  for (const [name, value] of form) if (/^(Push|Whatsapp|Passkeys)\./.test(name)) service.more[name] = value;
}

/** How the authenticator apps of the service are set up from now on, as far as the form says so. */
function totpChanges(form: URLSearchParams): Service['totp'] {
  const changes: Service['totp'] = {};
  const issuer = formField(form, 'Totp.Issuer');
  if (issuer !== undefined) changes.issuer = issuer;
  for (const [name, setting, from, to] of totpNumbers) {
    const text = formField(form, name);
    if (text === undefined) continue;
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < from || value > to) throw invalidParameter(name);
    changes[setting] = value;
  }
  return changes;
}

const totpNumbers = [
  ['Totp.TimeStep', 'timeStep', 20, 60],
  ['Totp.CodeLength', 'codeLength', 3, 8],
  ['Totp.Skew', 'skew', 0, 2],
] as const;

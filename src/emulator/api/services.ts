/** The routes that make, list, change and delete Verify services. */
import { field, flag, page } from './route.js';
import { invalidParameter, notFound, Refusal } from './errors.js';
import { isSid, sid } from '../model/identifiers.js';
import { serviceBody } from './service-body.js';
import { openService } from '../model/service.js';
import type { Answer, Asked } from './route.js';
import type { Service } from '../model/service.js';

/** The service that a path names. A sid of another kind is a bad parameter to Verify, not an unknown path. */
export function serviceOf({ account, params, path }: Asked): Service {
  const { service: wanted = '' } = params;
  if (!isSid('VA', wanted)) throw new Refusal(60200, 'Invalid parameter (null)');
  const service = account.services.get(wanted);
  if (!service) throw notFound(path);
  return service;
}

/** `GET /v2/Services`. */
export const listServices = (asked: Asked): Answer =>
  page(asked, 'services', [...asked.account.services.values()], (service) => serviceBody(service, asked));

/** A service made by the API has no mailer yet: that is clicked in the console. */
export function createService(asked: Asked): Answer {
  const { account, form } = asked;
  const friendlyName = field(form, 'FriendlyName');
  if (!friendlyName) throw new Refusal(20001, 'Missing required parameter FriendlyName in the post body');
  const now = account.clock.now();
  const service = openService({ sid: sid('VA'), friendlyName, mailer: false }, now);
  change(service, form);
  account.services.set(service.sid, service);
  return { status: 201, body: serviceBody(service, asked) };
}

/** `GET /v2/Services/{sid}`. */
export const fetchService = (asked: Asked): Answer => ({ status: 200, body: serviceBody(serviceOf(asked), asked) });

/** `POST /v2/Services/{sid}`. */
export function updateService(asked: Asked): Answer {
  const service = serviceOf(asked);
  change(service, asked.form);
  service.updatedAt = asked.account.clock.now();
  return { status: 200, body: serviceBody(service, asked) };
}

/** `DELETE /v2/Services/{sid}`; its verifications cannot be reached any more. */
export function deleteService(asked: Asked): Answer {
  asked.account.services.delete(serviceOf(asked).sid);
  return { status: 204 };
}

function change(service: Service, form: URLSearchParams): void {
  const friendlyName = field(form, 'FriendlyName') ?? service.friendlyName;
  const digits = friendlyName.match(/\d/g)?.length ?? 0;
  // The name stands in text messages: letters and a few digits only, so that it cannot pass for a number to call.
  if (friendlyName.length > 30 || digits > 4 || !/^[\p{L}\d _-]+$/u.test(friendlyName))
    throw invalidParameter('FriendlyName');
  const codeLength = Number(field(form, 'CodeLength') ?? service.codeLength);
  if (!Number.isInteger(codeLength) || codeLength < 4 || codeLength > 10) throw invalidParameter('CodeLength');
  Object.assign(service, {
    friendlyName,
    codeLength,
    lookupEnabled: flag(form, 'LookupEnabled', service.lookupEnabled),
    psd2Enabled: flag(form, 'Psd2Enabled', service.psd2Enabled),
    skipSmsToLandlines: flag(form, 'SkipSmsToLandlines', service.skipSmsToLandlines),
    dtmfInputRequired: flag(form, 'DtmfInputRequired', service.dtmfInputRequired),
    doNotShareWarningEnabled: flag(form, 'DoNotShareWarningEnabled', service.doNotShareWarningEnabled),
    customCodeEnabled: flag(form, 'CustomCodeEnabled', service.customCodeEnabled),
    verifyEventSubscriptionEnabled: flag(
      form,
      'VerifyEventSubscriptionEnabled',
      service.verifyEventSubscriptionEnabled,
    ),
    ttsName: field(form, 'TtsName') ?? service.ttsName,
    defaultTemplateSid: field(form, 'DefaultTemplateSid') ?? service.defaultTemplateSid,
  });
  for (const [name, value] of form) if (name.includes('.')) service.more[name] = value;
}

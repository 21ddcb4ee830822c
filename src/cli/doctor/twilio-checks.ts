/** The doctor's tests of Twilio: how the Verify services are configured and, with contacts to send to, whether codes are sent. */
import type { Channel, Contact } from '../../server/index.js';
import {
  LONG_CODE_LENGTH,
  loadPhoneMetadata,
  mapTwilioError,
  parseContact,
  type ParsedContact,
  type ServiceSettings,
  TwilioError,
  type VerifyClient,
  type VerifyService,
} from '../../server/internals.js';
import type { ServeSettings } from '../settings/handler-settings.js';
import { SettingsError } from '../settings/parse-settings.js';
import type { Settings } from '../settings/settings-schema.js';
import { advise, fix, pass, type Diagnostic, type DiagnosticResult } from './diagnostic.js';

/** NIST SP 800-63B-4 section 3.1.3.2. */
const MIN_CODE_LENGTH = 6;

/** One test for each Verify service, and one for whether there are two. */
export function serviceDiagnostics(
  { settings, handler }: ServeSettings,
  verify: VerifyClient,
  test: TwilioTester,
): Diagnostic[] {
  const { contactService, twoFactorService, longCodeService } = handler.twilio;
  const own = {
    digits: settings.VERIFY_CODE_LENGTH,
    otherwise: `VERIFY_CODE_LENGTH is ${settings.VERIFY_CODE_LENGTH}: make them equal.`,
  };
  const long = {
    digits: LONG_CODE_LENGTH,
    otherwise: `long codes have ${LONG_CODE_LENGTH}: set that under Verify › Services › General.`,
  };
  const diagnostic = (service: VerifyService, name: string, sid: string): Diagnostic => ({
    title: `Twilio: the Verify service for ${name} (${sid})`,
    run: () =>
      test(async () => {
        const found = await verify.settings(service);
        return diagnoseService(found, settings, service === 'long-code' ? long : own);
      }),
  });
  return [
    diagnostic('contact', 'contacts', contactService),
    ...(twoFactorService ? [diagnostic('two-factor', 'two-factor', twoFactorService)] : []),
    ...(longCodeService ? [diagnostic('long-code', 'long codes', longCodeService)] : []),
    { title: 'Twilio: separate services', run: async () => [diagnoseServices(handler)] },
    ...(handler.twilio.allowHttp ? [plainHttp] : []),
  ];
}

const plainHttp: Diagnostic = {
  title: 'Twilio: the connection',
  run: async () => [
    advise('TWILIO_ALLOW_HTTP is on: anybody in between can read the secret of the account and every number.'),
  ],
};

function diagnoseServices({ twilio, twoFactor }: ServeSettings['handler']): DiagnosticResult {
  if (twilio.twoFactorService) return pass('one for contacts and one for two-factor');
  return advise(`one for contacts; two-factor is ${twoFactor?.required ?? 'off'} and has no service`);
}

function diagnoseService(
  service: ServiceSettings,
  settings: Settings,
  expected: { digits: number; otherwise: string },
): DiagnosticResult[] {
  const { friendlyName, codeLength, psd2, customCodes, whatsapp } = service;
  const results: DiagnosticResult[] = [];
  if (codeLength !== expected.digits) {
    results.push(fix(`its codes have ${codeLength} digits and ${expected.otherwise}`));
  }
  if (codeLength < MIN_CODE_LENGTH) {
    results.push(
      fix('codes of fewer than six digits are too easy to guess: set six under Verify › Services › General.'),
    );
  }
  if (psd2) results.push(fix('PSD2 is on, so that Twilio rejects every send: switch it off.'));
  if (customCodes) {
    results.push(advise('custom codes are on, and are not used here: Twilio support can switch them off.'));
  }
  if (settings.VERIFY_CHANNELS.includes('whatsapp') && !whatsapp) {
    results.push(
      fix(
        'it has no WhatsApp sender: set one under Verify › Services › WhatsApp, or remove whatsapp from VERIFY_CHANNELS.',
      ),
    );
  }
  return results.some(({ kind }) => kind === 'fix')
    ? results
    : [pass(`“${friendlyName}”, ${codeLength} digits`), ...results];
}

/**
 * Twilio's API does not show which channels are on, whether a mailer is attached, or the geo permissions. Only sending a
 * code shows them. Each verification is cancelled at once. Throws `SettingsError` if `to` contains something other than a contact.
 */
export async function sendDiagnostics(
  { settings: { VERIFY_CHANNELS: channels } }: ServeSettings,
  verify: VerifyClient,
  test: TwilioTester,
  to: readonly string[],
): Promise<Diagnostic[]> {
  if (to.length === 0) {
    const text = `Twilio's API does not show these for ${channels.join(', ')}: \`doctor --to NUMBER --to ADDRESS\` finds out by sending codes to you. Geo permissions are under Verify › Settings › Geo permissions and should match VERIFY_COUNTRIES.`;
    return [{ title: 'Twilio: channels, mailer, geo permissions', run: async () => [advise(text)] }];
  }
  await loadPhoneMetadata();
  return to.flatMap((typed) => {
    const { contact, landline } = parseDestination(typed, channels);
    return channels
      .filter((channel) => (channel === 'email') === (contact.type === 'email'))
      .filter((channel) => !landline || channel === 'call')
      .map((channel) => ({
        title: `Twilio: a code by ${channel} to ${contact.value}`,
        run: () => test(() => sendAndCancel(verify, contact, channel)),
      }));
  });
}

/** Throws `SettingsError` for what is no contact, and for a contact to which no code goes: each in its own words. */
function parseDestination(typed: string, channels: readonly Channel[]): ParsedContact {
  const parse = (allowed: readonly Channel[]) =>
    parseContact(typed, undefined, { types: ['phone', 'email'], channels: allowed });
  const parsed = parse(channels);
  if (!('problem' in parsed)) return parsed;
  if (parsed.problem === 'invalid-contact')
    throw new SettingsError('--to takes a number with its country code, or an e-mail address.');
  const onAnyChannel = parse(['sms', 'call', 'whatsapp', 'email']);
  if ('problem' in onAnyChannel)
    throw new SettingsError(`--to ${typed} is a number of a kind that gets no codes, such as a premium-rate one.`);
  const { contact, landline } = onAnyChannel;
  const phone = landline ? 'a landline needs call' : 'a phone needs sms, call or whatsapp';
  const needed = contact.type === 'email' ? 'an e-mail address needs email' : phone;
  throw new SettingsError(`No channel in VERIFY_CHANNELS (${channels.join(', ')}) reaches --to ${typed}: ${needed}.`);
}

async function sendAndCancel(verify: VerifyClient, contact: Contact, channel: Channel): Promise<DiagnosticResult[]> {
  const { sid } = await verify.send('contact', contact.value, channel);
  await verify.cancel('contact', sid);
  return [pass('Twilio accepted it; see whether it arrives (it is no longer valid)')];
}

/** Runs a test against Twilio, and makes a finding of Twilio's error. */
type TwilioTester = (run: () => Promise<DiagnosticResult[]>) => Promise<DiagnosticResult[]>;

/** Once nothing answers, or the credentials are refused, no other test is run: all of them would find the same. */
export function createTwilioTester(baseUrl: string | undefined): TwilioTester {
  let isBarred = false;
  return async (run) => {
    if (isBarred) return [advise('not tested, for the reason above')];
    try {
      return await run();
    } catch (error) {
      if (!(error instanceof TwilioError)) throw error;
      isBarred = error.kind !== 'rejected' || error.status === 401;
      return [fix(describeTwilioError(error, baseUrl))];
    }
  };
}

function describeTwilioError(error: TwilioError, baseUrl: string | undefined): string {
  const { hint, problem } = mapTwilioError(error, 'send');
  if (baseUrl !== undefined && error.kind === 'not-sent')
    return `nothing answers at TWILIO_BASE_URL (${error.reason}): start what listens there, or correct the address.`;
  if (baseUrl !== undefined && error.status === 404 && new URL(baseUrl).pathname !== '/')
    return `${hint ?? problem} Or correct the path in TWILIO_BASE_URL: /v2 and what follows it are added to it.`;
  return hint ?? `${problem} (${error.reason}${error.code === undefined ? '' : `, error ${error.code}`})`;
}

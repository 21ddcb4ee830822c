/** The doctor's questions to Twilio: how the Verify services are set up, and, with contacts to send to, whether codes go out. */
import type { Channel, Contact, Purpose } from '../../server/index.js';
import {
  defaults,
  loadPhoneMetadata,
  mapTwilioError,
  parseContact,
  type ServiceSettings,
  twilioDefaults,
  TwilioError,
  type VerifyClient,
} from '../../server/internals.js';
import { SettingsError } from '../settings/twilio-settings.js';
import { fix, pass, type DiagnosticResult, type Diagnostic } from './findings.js';
import type { ServeSettings } from '../settings/handler-settings.js';

type Handler = ServeSettings['handler'];

/** NIST SP 800-63B-4 section 3.1.3.2. */
const LEAST_DIGITS = 6;

/** One question for each Verify service. */
export function serviceDiagnostics(handler: Handler, verify: VerifyClient): Diagnostic[] {
  const { contactService, twoFactorService } = handler.twilio;
  const channels = handler.channels ?? defaults.channels;
  const question = (purpose: Purpose, sid: string): Diagnostic => ({
    title: `Twilio: the Verify service for ${purpose === 'contact' ? 'contacts' : 'two-factor'} (${sid})`,
    run: () =>
      attempted(async () => diagnoseService(await verify.settings(purpose), handler.twilio.codeLength, channels)),
  });
  return [
    question('contact', contactService),
    ...(twoFactorService ? [question('two-factor', twoFactorService)] : []),
    { title: 'Twilio: two services', run: async () => [twoServices(handler)] },
  ];
}

function twoServices({ twilio, twoFactor }: Handler): DiagnosticResult {
  if (twilio.twoFactorService) return pass('one for contacts and one for two-factor');
  return { kind: 'advice', text: `one for contacts; two-factor is ${twoFactor?.required ?? 'off'} and has none` };
}

function diagnoseService(
  service: ServiceSettings,
  configured = twilioDefaults.codeLength,
  channels: readonly Channel[],
): DiagnosticResult[] {
  const { friendlyName, codeLength, psd2, customCodes, whatsapp } = service;
  const found: DiagnosticResult[] = [];
  if (codeLength !== configured) {
    found.push(fix(`its codes have ${codeLength} digits and VERIFY_CODE_LENGTH is ${configured}: make them equal.`));
  }
  if (codeLength < LEAST_DIGITS) {
    found.push(fix('codes of fewer than six digits are guessed too soon: set six under Verify › Services › General.'));
  }
  if (psd2) found.push(fix('PSD2 is on, so that every send would be refused: switch it off.'));
  if (customCodes) {
    found.push({
      kind: 'advice',
      text: 'custom codes are on, and are not used here: Twilio support can switch them off.',
    });
  }
  if (channels.includes('whatsapp') && !whatsapp) {
    found.push(fix('it has no WhatsApp sender: set one under Verify › Services › WhatsApp, or leave the channel out.'));
  }
  return found.some(({ kind }) => kind === 'change')
    ? found
    : [pass(`“${friendlyName}”, ${codeLength} digits`), ...found];
}

/**
 * Twilio's API tells neither which channels are on, nor whether a mailer is attached, nor the geo permissions: these show
 * when a code is sent, and only then. Each one sent is ended again at once. Throws `SettingsError` for what is no contact.
 */
export async function sendDiagnostics(
  handler: Handler,
  verify: VerifyClient,
  to: readonly string[],
): Promise<Diagnostic[]> {
  const channels = handler.channels ?? defaults.channels;
  if (to.length === 0) {
    const text = `Twilio's API does not tell these of ${channels.join(', ')}: \`doctor --to NUMBER --to ADDRESS\` finds out by sending codes to you. Geo permissions stand under Verify › Settings › Geo permissions and should match VERIFY_COUNTRIES.`;
    return [{ title: 'Twilio: channels, mailer, geo permissions', run: async () => [{ kind: 'advice', text }] }];
  }
  await loadPhoneMetadata();
  return to.flatMap((typed) => {
    const read = parseContact(typed, undefined, { types: ['phone', 'email'], channels });
    if ('problem' in read) throw new SettingsError('--to takes a number with its country code, or an address.');
    const { contact } = read;
    return channels
      .filter((channel) => (channel === 'email') === (contact.type === 'email'))
      .map((channel) => ({
        title: `Twilio: a code by ${channel} to ${contact.value}`,
        run: () => attempted(() => sendAndEnd(verify, contact, channel)),
      }));
  });
}

async function sendAndEnd(verify: VerifyClient, contact: Contact, channel: Channel): Promise<DiagnosticResult[]> {
  const { sid } = await verify.send('contact', contact.value, channel);
  await verify.cancel('contact', sid);
  return [pass('Twilio took it; look whether it arrives (it is not valid any more)')];
}

async function attempted(run: () => Promise<DiagnosticResult[]>): Promise<DiagnosticResult[]> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof TwilioError)) throw error;
    const { hint, problem } = mapTwilioError(error, 'send');
    return [fix(hint ?? `${problem} (${error.reason}${error.code === undefined ? '' : `, error ${error.code}`})`)];
  }
}

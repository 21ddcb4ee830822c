/** The doctor's questions to Twilio: how the Verify services are set up, and, with contacts to send to, whether codes go out. */
import type { Channel, Contact, Purpose } from '../../server/index.js';
import { loadNumbers, readContact } from '../../server/contacts/parse-contact.js';
import { defaults } from '../../server/setup/defaults.js';
import { meaningOf, TwilioFailure } from '../../server/twilio/errors.js';
import type { ServiceSettings, Verify } from '../../server/twilio/verify-client.js';
import { SettingsError } from '../settings/twilio-settings.js';
import { change, good, type Finding, type Question } from './findings.js';
import type { ServeSettings } from '../settings/handler-settings.js';

type Handler = ServeSettings['handler'];

/** NIST SP 800-63B-4 section 3.1.3.2. */
const LEAST_DIGITS = 6;

/** One question for each Verify service. */
export function askServices(handler: Handler, verify: Verify): Question[] {
  const { contactService, twoFactorService } = handler.twilio;
  const channels = handler.channels ?? defaults.channels;
  const question = (purpose: Purpose, sid: string): Question => ({
    about: `Twilio: the Verify service for ${purpose === 'contact' ? 'contacts' : 'two-factor'} (${sid})`,
    ask: () => asked(async () => judge(await verify.settings(purpose), handler.twilio.codeLength, channels)),
  });
  return [
    question('contact', contactService),
    ...(twoFactorService ? [question('two-factor', twoFactorService)] : []),
    { about: 'Twilio: two services', ask: async () => [twoServices(handler)] },
  ];
}

function twoServices({ twilio, twoFactor }: Handler): Finding {
  if (twilio.twoFactorService) return good('one for contacts and one for two-factor');
  return { kind: 'advice', text: `one for contacts; two-factor is ${twoFactor?.required ?? 'off'} and has none` };
}

function judge(service: ServiceSettings, configured = defaults.codeLength, channels: readonly Channel[]): Finding[] {
  const { friendlyName, codeLength, psd2, customCodes, whatsapp } = service;
  const found: Finding[] = [];
  if (codeLength !== configured) {
    found.push(change(`its codes have ${codeLength} digits and VERIFY_CODE_LENGTH is ${configured}: make them equal.`));
  }
  if (codeLength < LEAST_DIGITS) {
    found.push(
      change('codes of fewer than six digits are guessed too soon: set six under Verify › Services › General.'),
    );
  }
  if (psd2) found.push(change('PSD2 is on, so that every send would be refused: switch it off.'));
  if (customCodes) {
    found.push({
      kind: 'advice',
      text: 'custom codes are on, and are not used here: Twilio support can switch them off.',
    });
  }
  if (channels.includes('whatsapp') && !whatsapp) {
    found.push(
      change('it has no WhatsApp sender: set one under Verify › Services › WhatsApp, or leave the channel out.'),
    );
  }
  return found.some(({ kind }) => kind === 'change')
    ? found
    : [good(`“${friendlyName}”, ${codeLength} digits`), ...found];
}

/**
 * Twilio's API tells neither which channels are on, nor whether a mailer is attached, nor the geo permissions: these show
 * when a code is sent, and only then. Each one sent is ended again at once. Throws `SettingsError` for what is no contact.
 */
export async function sendCodes(handler: Handler, verify: Verify, to: readonly string[]): Promise<Question[]> {
  const channels = handler.channels ?? defaults.channels;
  if (to.length === 0) {
    const text = `Twilio's API does not tell these of ${channels.join(', ')}: \`doctor --to NUMBER --to ADDRESS\` finds out by sending codes to you. Geo permissions stand under Verify › Settings › Geo permissions and should match VERIFY_COUNTRIES.`;
    return [{ about: 'Twilio: channels, mailer, geo permissions', ask: async () => [{ kind: 'advice', text }] }];
  }
  await loadNumbers();
  return to.flatMap((typed) => {
    const read = readContact(typed, undefined, { types: ['phone', 'email'], channels });
    if ('problem' in read) throw new SettingsError('--to takes a number with its country code, or an address.');
    const { contact } = read;
    return channels
      .filter((channel) => (channel === 'email') === (contact.type === 'email'))
      .map((channel) => ({
        about: `Twilio: a code by ${channel} to ${contact.value}`,
        ask: () => asked(() => sendAndEnd(verify, contact, channel)),
      }));
  });
}

async function sendAndEnd(verify: Verify, contact: Contact, channel: Channel): Promise<Finding[]> {
  const { sid } = await verify.send('contact', contact.value, channel);
  await verify.cancel('contact', sid);
  return [good('Twilio took it; look whether it arrives (it is not valid any more)')];
}

async function asked(ask: () => Promise<Finding[]>): Promise<Finding[]> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof TwilioFailure)) throw error;
    const { hint, problem } = meaningOf(error, 'send');
    return [change(hint ?? `${problem} (${error.reason}${error.code === undefined ? '' : `, error ${error.code}`})`)];
  }
}

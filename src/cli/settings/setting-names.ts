/** Finds names in the environment that are probably misspelt settings: they would silently leave the default in place. Pure. */
import { nearestName } from '../../server/internals.js';
import { SettingsError, type Environment } from './parse-settings.js';
import { neededBy, settingNames, type SettingName } from './settings-schema.js';

/** More edits than these make another name: a host may have names of Twilio's that are no settings, such as `TWILIO_APP_SID`. */
const MAX_EDITS = 2;

/** Kubernetes sets these for a Service called "verify" (kubernetes.io/docs/concepts/services-networking/service/#environment-variables). */
const ofKubernetes = /^VERIFY_(SERVICE_(HOST|PORT(_.+)?)|PORT_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)$/;

const isKnown = (name: string): boolean => settingNames.some((known) => known === name);

/**
 * Throws {@link SettingsError} for a variable that is not a setting but was probably meant as one, and for a setting that has
 * no effect without another one. `VERIFY_…` and `TWILIO_VERIFY_…` are ours, so each such name must be a setting. Any other
 * name is refused only if it is near the name of a setting.
 */
export function assertKnownNames(env: Environment): void {
  for (const name of Object.keys(env)) {
    if (isKnown(name) || ofKubernetes.test(name)) continue;
    const isOurs = /^(TWILIO_)?VERIFY_/.test(name);
    const nearest = isOurs ? nearestOfOurs(name) : nearestOfOthers(name);
    if (!isOurs && nearest === undefined) continue;
    const hint = nearest ? `did you mean ${nearest}? ` : '';
    throw new SettingsError(`${name} is not a setting: ${hint}\`verify-contact help\` lists all settings.`);
  }
  for (const name of settingNames) {
    const needed = neededBy(name);
    if (needed && env[name] && !env[needed]) throw new SettingsError(`${name} has no effect without ${needed}.`);
  }
}

/** The part of a name that sets it apart. What many names share must not make two of them near. */
const ownPart = (name: string) => name.replace(/^(TWILIO_)?VERIFY_/, '');

/** Also a name that lacks the first or the last word, as in Twilio's samples: `VERIFY_SERVICE_SID`, `TWILIO_VERIFY_SERVICE`. */
function nearestOfOurs(name: string): SettingName | undefined {
  const whole = [`TWILIO_${name}`, `${name}_SID`, `TWILIO_${name}_SID`];
  const lacking = settingNames.find((known) => whole.includes(known));
  const nearest = nearestName(ownPart(name), settingNames.map(ownPart));
  return lacking ?? settingNames.find((known) => ownPart(known) === nearest);
}

function nearestOfOthers(name: string): SettingName | undefined {
  // `TWILIO_API_KEY_SID` and `TWILIO_AUTH_TOKEN_2` are names of their own.
  if (settingNames.some((known) => name.startsWith(`${known}_`))) return undefined;
  const lacksVerify = name.replace(/^TWILIO_/, 'TWILIO_VERIFY_');
  // `TWILIO_SERVICE_SID` may be any service of Twilio's; the one of contacts is required, so that nobody misses it silently.
  const isOptional = lacksVerify !== 'TWILIO_VERIFY_SERVICE_SID';
  const lacking = settingNames.find((known) => known === lacksVerify && isOptional);
  return lacking ?? nearestName(name, settingNames, MAX_EDITS);
}

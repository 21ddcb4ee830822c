/** A person at the emulated Twilio who may have an authenticator app, and the calls that most tests make for them. */
import type { EmulatorOptions } from '../../src/emulator/index.js';
import { openAccount, sid } from './emulator-account.js';

/** The name by which the application knows the person at Twilio. */
export const identity = 'ff483d1f-f591-898a-9942-916050d2ca3f';

/** An account whose clock stands, and a person there who has an authenticator app. */
export function openPerson(options: EmulatorOptions = {}, service: object = {}) {
  const account = openAccount(service, { now: () => Date.UTC(2027, 0, 1), ...options });
  const { emulator, client } = account;
  const entity = client.verify.v2.services(sid).entities(identity);
  const create = (more = {}) => entity.newFactors.create({ friendlyName: 'Ann', factorType: 'totp', ...more });
  const code = async () => (await emulator.totp(identity)) ?? '';
  const confirm = async (factor: string, authPayload?: string) =>
    entity.factors(factor).update({ authPayload: authPayload ?? (await code()) });
  const ask = (factorSid: string, authPayload?: string) =>
    entity.challenges.create({ factorSid, ...(authPayload === undefined ? {} : { authPayload }) });
  const enrol = async (more = {}) => {
    const factor = await create(more);
    await confirm(factor.sid);
    return factor;
  };
  return { ...account, entity, create, code, confirm, ask, enrol };
}

/** No app here shows codes of seven digits, so this one is wrong everywhere. */
export const wrong = '0000000';

/** `verify-contact doctor`: tests the settings in the environment against Twilio and the stores, and says what to change. */
import type { TestContact } from '../../server/index.js';
import { createVerifyClient, endOfTestContact } from '../../server/internals.js';
import { assertAccepted } from '../settings/accepted-settings.js';
import { readSettings, type ServeSettings } from '../settings/handler-settings.js';
import { SettingsError, type Environment } from '../settings/parse-settings.js';
import { missingPackages, requirePackages } from '../settings/required-packages.js';
import { advise, fix, pass, type Diagnostic, type DiagnosticResult } from './diagnostic.js';
import { portDiagnostics } from './port-checks.js';
import { bearerDiagnostics, storeDiagnostics } from './store-checks.js';
import { createTwilioTester, sendDiagnostics, serviceDiagnostics } from './twilio-checks.js';

/** `to` are contacts of the owner's: codes are really sent to them. */
interface DoctorOptions {
  to: readonly string[];
  print(line: string): void;
}

const marks: Record<DiagnosticResult['kind'], string> = { pass: 'ok', advice: 'advice', fix: 'CHANGE' };

/** Runs all diagnostics and prints their results. Resolves to true if nothing has to be changed. */
export async function runDoctor(env: Environment, { to, print }: DoctorOptions): Promise<boolean> {
  const report = ({ kind, text }: DiagnosticResult) => print(`  ${marks[kind]}: ${text}`);
  print('Settings …');
  let settings: ServeSettings;
  try {
    settings = readSettings(env);
    await assertAccepted(settings);
    requirePackages(settings.settings, 'doctor');
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    report(fix(error.message));
    print('1 to change. Nothing else was tested.');
    return false;
  }
  reviewSettings(settings).forEach(report);
  const { handler } = settings;
  const verify = createVerifyClient(handler.twilio);
  const test = createTwilioTester(handler.twilio.baseUrl);
  const diagnostics: Diagnostic[] = [
    ...portDiagnostics(settings),
    ...serviceDiagnostics(settings, verify, test),
    ...(await sendDiagnostics(settings, verify, test, to)),
    ...storeDiagnostics(settings),
    ...bearerDiagnostics(handler),
  ];
  let toChange = 0;
  for (const { title, run } of diagnostics) {
    print(`${title} …`);
    const results = await run().catch((error: unknown): DiagnosticResult[] => [fix(describeFailure(error))]);
    results.forEach(report);
    toChange += results.filter(({ kind }) => kind === 'fix').length;
  }
  await Promise.all([verify.close(), handler.store.close(), handler.accounts?.close()]);
  print(toChange === 0 ? 'Nothing has to be changed.' : `${toChange} to change.`);
  return toChange === 0;
}

/** What the settings alone show. */
function reviewSettings({ settings, handler, operation }: ServeSettings): DiagnosticResult[] {
  const results = [pass('complete and consistent')];
  const add = (text: string) => results.push(advise(text));
  if (settings.VERIFY_STORE.kind === 'memory') {
    add('VERIFY_STORE is memory: a restart resets the limits of every visitor. sqlite:FILE keeps them.');
  }
  if (settings.VERIFY_ACCOUNTS?.kind === 'memory') {
    add('VERIFY_ACCOUNTS is memory: a restart forgets every verified contact.');
  }
  if (!handler.clientAddress && /^(127\.|::1$|localhost$)/.test(settings.VERIFY_HOST)) {
    add(
      'If visitors come through a proxy on this machine, name it in VERIFY_PROXIES: otherwise all share the limits of one.',
    );
  }
  if (!handler.countries) add('VERIFY_COUNTRIES is not set: a short list is the best defence against toll fraud.');
  handler.testContacts?.forEach((entry) => add(reviewTestContact(entry)));
  const missing = missingPackages(settings, 'serve');
  if (missing.length > 0) add(`serve also needs packages that are not installed: npm install ${missing.join(' ')}`);
  if (!operation.metrics)
    add('VERIFY_METRICS_PORT is not set: without metrics, nobody notices an attack on your bill.');
  return results;
}

/** What the owner should know of a test contact: it is on, or has ended. */
function reviewTestContact({ contact, until, owned, record }: TestContact): string {
  if (endOfTestContact(until) < Date.now()) return `VERIFY_TEST_CONTACTS: ${contact} ended on ${until}, so remove it.`;
  const whose = owned ? ' It is of no reserved range or domain, so whoever has the code can claim it.' : '';
  const recorded = record ? ' The accounts record it.' : '';
  return `VERIFY_TEST_CONTACTS is on: ${contact} takes a fixed code until ${until}.${whose}${recorded}`;
}

/** Our own errors say what is wrong and contain no secret. Of other errors, only the name is printed. */
function describeFailure(error: unknown): string {
  const isOurs = /^(StoreError|AccountsError|TypeError|SettingsError|TwilioError)$/;
  if (!(error instanceof Error)) return 'it failed';
  return isOurs.test(error.name) ? error.message : `it failed (${error.name})`;
}

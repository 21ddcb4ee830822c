/** `verify-contact doctor`: asks Twilio and the stores about the set-up that the environment describes, one question after another, and says what to change. */
import { createVerifyClient, importKeys } from '../../server/internals.js';
import { bearerDiagnostics, storeDiagnostics } from './store-checks.js';
import { serviceDiagnostics, sendDiagnostics } from './twilio-checks.js';
import { SettingsError, type Environment } from '../settings/twilio-settings.js';
import { fix, pass, type DiagnosticResult, type Diagnostic } from './findings.js';
import { readSettings, type ServeSettings } from '../settings/handler-settings.js';

/** What to print where. `to` are contacts of the owner's own, to which codes are really sent. */
export interface DoctorOptions {
  to: readonly string[];
  print(line: string): void;
}

const marks: Record<DiagnosticResult['kind'], string> = { good: 'ok', advice: 'advice', change: 'CHANGE' };

/** Asks everything; answers whether nothing has to be changed. */
export async function runDoctor(env: Environment, { to, print }: DoctorOptions): Promise<boolean> {
  const tell = ({ kind, text }: DiagnosticResult) => print(`  ${marks[kind]}: ${text}`);
  print('Settings …');
  let settings: ServeSettings;
  try {
    settings = readSettings(env);
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    tell({ kind: 'change', text: error.message });
    print('1 to change. Nobody else could be asked.');
    return false;
  }
  advice(env, settings).forEach(tell);
  const { handler } = settings;
  const verify = createVerifyClient(handler.twilio);
  let toChange = 0;
  const questions: Diagnostic[] = [
    { title: 'Keys', run: () => importKeys(handler.keys).then(() => [pass('they are sound')]) },
    ...serviceDiagnostics(handler, verify),
    ...(await sendDiagnostics(handler, verify, to)),
    ...storeDiagnostics(env, handler),
    ...bearerDiagnostics(handler),
  ];
  for (const { title, run } of questions) {
    print(`${title} …`);
    const found = await run().catch((error: unknown): DiagnosticResult[] => [fix(wordsOf(error))]);
    found.forEach(tell);
    toChange += found.filter(({ kind }) => kind === 'change').length;
  }
  await Promise.all([verify.close(), handler.store.close(), handler.accounts?.close()]);
  print(toChange === 0 ? 'Nothing has to be changed.' : `${toChange} to change.`);
  return toChange === 0;
}

/** What the settings alone show. */
function advice(env: Environment, { hostname, handler, operation }: ServeSettings): DiagnosticResult[] {
  const found: DiagnosticResult[] = [pass('complete, and without contradiction')];
  const add = (text: string) => found.push({ kind: 'advice', text });
  if ((env.VERIFY_STORE || 'memory') === 'memory') {
    add('VERIFY_STORE is memory: a restart gives everybody a fresh budget of attempts. sqlite:FILE keeps it.');
  }
  if (env.VERIFY_ACCOUNTS === 'memory') add('VERIFY_ACCOUNTS is memory: a restart forgets every verified contact.');
  if (!handler.clientAddress && /^(127\.|::1$|localhost$)/.test(hostname)) {
    add(
      'Whoever comes here comes through a proxy on this machine: name it in VERIFY_PROXIES, or all share one budget.',
    );
  }
  if (!handler.countries) add('VERIFY_COUNTRIES is not set: a short list is the best defence against toll fraud.');
  if (!operation.metrics) add('VERIFY_METRICS_PORT is not set: nobody would see an attack on the bill.');
  return found;
}

/** Our own errors say what is wrong and hold no secret; of others only the kind is told. */
function wordsOf(error: unknown): string {
  const ours = /^(StoreError|AccountsError|TypeError|SettingsError|TwilioError)$/;
  if (!(error instanceof Error)) return 'it failed';
  return ours.test(error.name) ? error.message : `it failed (${error.name})`;
}

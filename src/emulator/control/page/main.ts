/** The page of the control plane: asks the emulator once a second what is new, and carries out what a person presses. */
import type { OutboxMessage } from '../../model/outbox.js';
import type { FactorSummary } from '../../model/entities.js';
import type { VerificationSummary } from '../../model/verifications.js';
import { byId, readableTime, write } from './dom.js';
import { faultView, type ListedFault } from './faults.js';
import { showMessages } from './messages.js';
import { showCalls, showFactors, showVerifications, type ListedCall } from './records.js';
import { requestJson } from './requests.js';

const INTERVAL_MS = 1000;
const LIMIT = 50;

let timer: ReturnType<typeof setTimeout> | undefined;
let isAsking = false;
let isStale = false;

/** Asks now. A hidden page asks nothing. */
async function refresh(): Promise<void> {
  // What a person has just done may be missing from the responses that are on their way.
  if (isAsking) return void (isStale = true);
  clearTimeout(timer);
  if (document.hidden) return;
  isAsking = true;
  isStale = false;
  await showAll();
  isAsking = false;
  if (isStale) return refresh();
  timer = setTimeout(() => void refresh(), INTERVAL_MS);
}

async function showAll(): Promise<void> {
  const [messages, verifications, factors, calls, faults, clock] = await Promise.all([
    requestJson<OutboxMessage[]>('GET', `outbox?limit=${LIMIT}`),
    requestJson<VerificationSummary[]>('GET', `verifications?limit=${LIMIT}`),
    requestJson<FactorSummary[]>('GET', `factors?limit=${LIMIT}`),
    requestJson<ListedCall[]>('GET', `calls?limit=${LIMIT}`),
    requestJson<ListedFault[]>('GET', 'faults'),
    requestJson<{ now: string }>('GET', 'clock'),
  ]);
  const failed = [messages, verifications, factors, calls, faults, clock].find(({ ok }) => !ok);
  write(byId('connection'), failed && !failed.ok ? failed.error : '');
  if (messages.ok) showMessages(messages.value);
  if (calls.ok) showCalls(calls.value);
  if (faults.ok) showFaults(faults.value);
  if (!clock.ok) return;
  byId<HTMLTimeElement>('now').dateTime = clock.value.now;
  write(byId('now'), readableTime(clock.value.now));
  if (verifications.ok) showVerifications(verifications.value, clock.value.now);
  if (factors.ok) showFactors(factors.value, clock.value.now);
}

/** Does something when a button is pressed, and then shows what has changed. */
function onPress(id: string, method: string, path: string): void {
  byId(id).addEventListener('click', () => void requestJson(method, path).then(refresh));
}

async function advance(seconds: number): Promise<void> {
  const answer = await requestJson('POST', 'clock', { advance: seconds });
  write(byId('clock-problem'), answer.ok ? '' : answer.error);
  await refresh();
}

const showFaults = faultView(() => void refresh());
onPress('empty-outbox', 'DELETE', 'outbox');
onPress('clear-calls', 'DELETE', 'calls');
onPress('reset', 'POST', 'reset');
byId('advance').addEventListener('submit', (event) => {
  event.preventDefault();
  void advance(byId<HTMLInputElement>('seconds').valueAsNumber);
});
byId('steps').addEventListener('click', ({ target }) => {
  const { seconds } = (target as HTMLElement).dataset;
  if (seconds !== undefined) void advance(Number(seconds));
});
document.addEventListener('visibilitychange', () => void refresh());
void refresh();

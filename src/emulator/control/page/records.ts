/** Verifications with their life, and the calls. */
import type { VerificationSummary } from '../../model/verifications.js';
import { build, buildTime, KeyedList, write } from './dom.js';

/** A call, as the control plane lists it. */
export interface ListedCall {
  method: string;
  path: string;
  to: string | null;
  status: number;
  at: string;
}

const remaining = new Map<string, HTMLElement>();
const verifications = new KeyedList<VerificationSummary>('verifications', ({ sid }) => sid, drawVerification);
const calls = new KeyedList<ListedCall & { key: string }>('calls', ({ key }) => key, drawCall);

/** Shows the verifications. `now` is the emulator's time. */
export function showVerifications(all: readonly VerificationSummary[], now: string): void {
  verifications.show(all);
  for (const { sid, status, expiresAt } of all) {
    const element = remaining.get(sid);
    const seconds = Math.ceil((Date.parse(expiresAt) - Date.parse(now)) / 1000);
    if (element) write(element, status === 'pending' ? `expires in ${duration(seconds)}` : '');
  }
  const sids = new Set(all.map(({ sid }) => sid));
  for (const sid of remaining.keys()) if (!sids.has(sid)) remaining.delete(sid);
}

/** Shows the calls, newest first. */
export function showCalls(all: readonly ListedCall[]): void {
  const seen = new Map<string, number>();
  calls.show(
    all
      .toReversed()
      .map((call) => {
        const name = `${call.at} ${call.method} ${call.path}`;
        const count = (seen.get(name) ?? 0) + 1;
        seen.set(name, count);
        return { ...call, key: `${name} ${count}` };
      })
      .toReversed(),
  );
}

function drawVerification({
  sid,
  to,
  channel,
  status,
  code,
  sends,
  wrongCodes,
  updatedAt,
}: VerificationSummary): Node[] {
  const left = build('span');
  remaining.set(sid, left);
  const tone = status === 'approved' ? 'good' : status === 'pending' ? 'waiting' : 'bad';
  return [
    build('p', {}, build('span', { class: 'destination' }, to)),
    build('p', { class: 'facts' }, build('strong', { class: tone }, status), left),
    build('p', { class: 'facts' }, `${channel} · code ${code} · sent ${sends} of 5 · wrong codes ${wrongCodes} of 5`),
    build('p', { class: 'facts' }, 'changed ', buildTime(updatedAt)),
    build('p', { class: 'facts path' }, sid),
  ];
}

function drawCall({ method, path, to, status, at }: ListedCall): Node[] {
  const isGood = status >= 200 && status < 400;
  return [
    build('p', { class: 'path' }, `${method} ${path}`),
    build(
      'p',
      { class: 'facts' },
      build('strong', { class: isGood ? 'good' : 'bad' }, status === 0 ? 'no response' : String(status)),
      ...(to === null ? [] : [to]),
      buildTime(at),
    ),
  ];
}

/** 605 → `10 min 5 s`. */
function duration(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  return minutes > 0 ? `${minutes} min ${seconds % 60} s` : `${seconds} s`;
}

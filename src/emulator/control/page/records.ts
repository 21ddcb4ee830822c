/** Verifications with their life, authenticator apps with their codes, and the calls. */
import type { FactorSummary } from '../../model/entities.js';
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

/** What says how long something lasts yet, by its sid. */
const remaining = new Map<string, HTMLElement>();
const verifications = new KeyedList<VerificationSummary>('verifications', ({ sid }) => sid, drawVerification);
const factors = new KeyedList<FactorSummary>('factors', ({ sid }) => sid, drawFactor);
const calls = new KeyedList<ListedCall & { key: string }>('calls', ({ key }) => key, drawCall);

/** Shows the verifications. `now` is the emulator's time. */
export function showVerifications(all: readonly VerificationSummary[], now: string): void {
  verifications.show(all);
  for (const { sid, status, expiresAt } of all) {
    const element = remaining.get(sid);
    if (element) write(element, status === 'pending' ? `expires in ${duration(expiresAt, now)}` : '');
  }
  forgetOthers('VE', all);
}

/** Shows the authenticator apps. `now` is the emulator's time. */
export function showFactors(all: readonly FactorSummary[], now: string): void {
  factors.show(all);
  for (const { sid, codeExpiresAt } of all) {
    const element = remaining.get(sid);
    if (element) write(element, `for ${duration(codeExpiresAt, now)}`);
  }
  forgetOthers('YF', all);
}

function forgetOthers(prefix: string, all: readonly { sid: string }[]): void {
  const sids = new Set(all.map(({ sid }) => sid));
  for (const sid of remaining.keys()) if (sid.startsWith(prefix) && !sids.has(sid)) remaining.delete(sid);
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

function drawFactor({ sid, identity, friendlyName, issuer, status, code, createdAt }: FactorSummary): Node[] {
  const left = build('span');
  remaining.set(sid, left);
  return [
    build('p', {}, build('span', { class: 'destination' }, `${issuer}: ${friendlyName}`)),
    build('p', { class: 'actions' }, build('span', { class: 'code' }, code), left),
    build('p', { class: 'facts' }, build('strong', { class: status === 'verified' ? 'good' : 'waiting' }, status)),
    build('p', { class: 'facts' }, 'created ', buildTime(createdAt)),
    build('p', { class: 'facts path' }, `${identity} ${sid}`),
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

/** `10 min 5 s`. */
function duration(until: string, now: string): string {
  const seconds = Math.ceil((Date.parse(until) - Date.parse(now)) / 1000);
  const minutes = Math.floor(seconds / 60);
  return minutes > 0 ? `${minutes} min ${seconds % 60} s` : `${seconds} s`;
}

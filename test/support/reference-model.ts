/** A reference model of the protocol: what the backend must answer. It keeps arrays of times and shares no code with the backend. */

/** A verification at Twilio. */
export interface Verification {
  contact: string;
  first: number;
  sends: number;
  wrong: number;
  consumedBy: number;
  canceled: boolean;
  code: string;
}

/** A challenge that a user has received. */
export interface ModelChallenge {
  id: number;
  purpose: string;
  owner: string;
  contact: string;
  verification: Verification;
}

interface Answer {
  problem: string | null;
  challenge?: ModelChallenge;
}

const LIFE = 600_000;
const DAY = 86_400_000;

const SEND_WAITS = [30, 40, 60, 90, 120, 260];
const CHECK_WAITS = [0, 0, 30, 60, 120, 300, 900];

/** Whether one more is allowed after those at these times. */
function admits(moments: number[], { most = 10, waits = [] as number[] }, now: number): boolean {
  const recent = moments.filter((at) => now - at < DAY);
  const wait = waits[Math.min(recent.length, waits.length) - 1] ?? 0;
  return recent.length < most && now >= Math.max(...recent, -DAY) + wait * 1000;
}

/** Whether one more is allowed within that many milliseconds. */
function admitsWithin(
  moments: number[],
  rule: { most?: number; waits?: number[] },
  now: number,
  span: number,
): boolean {
  const leaving = moments.map((at) => at + DAY);
  const opening = (rule.waits ?? []).map((wait) => Math.max(...moments, -DAY) + wait * 1000);
  return [now, ...leaving, ...opening].some((at) => at >= now && at <= now + span && admits(moments, rule, at));
}

/** After the fifth wrong code, Twilio blocks the contact until the code expires. After the fourth, it is replaced. */
const isUsedUp = ({ wrong }: Verification): boolean => wrong >= 4;

/** One backend with its Twilio. */
export class Model {
  sends = 0;
  checks = 0;
  #ids = 0;
  readonly #now: () => number;
  readonly #sent: { key: string; user: string; at: number }[] = [];
  #failed: { purpose: string; user: string; contact: string; at: number }[] = [];
  readonly #active = new Map<string, Verification>();

  constructor(now: () => number) {
    this.#now = now;
  }

  start(purpose: string, owner: string, contact: string): Answer {
    const active = this.#findActive(purpose, contact);
    const reusable = active && this.#isOfUse(purpose, owner, active) && this.#mustWait(purpose, owner, contact, active);
    if (reusable) return this.#challenge(purpose, owner, active);
    const sent = this.#send(purpose, owner, contact, active);
    return typeof sent === 'string' ? { problem: sent } : this.#challenge(purpose, owner, sent);
  }

  resend(challenge: ModelChallenge, user: string, channel?: string): Answer {
    const { purpose, verification } = challenge;
    if (challenge.owner !== user || this.#isConsumed(verification)) return { problem: 'invalid-challenge' };
    if (this.#left(verification) <= 0) return { problem: 'code-expired' };
    const isEmail = challenge.contact.includes('@');
    const other = channel !== undefined && (channel === 'email') !== isEmail;
    if (other && purpose === 'contact') return { problem: 'unsupported-channel' };
    const to = other ? (isEmail ? '+14155552671' : 'ada@example.com') : challenge.contact;
    const active = this.#findActive(purpose, to);
    if (other && active && this.#isOfUse(purpose, user, active))
      return this.#challenge(purpose, user, active, challenge);
    const sent = this.#send(purpose, user, to, active);
    return typeof sent === 'string' ? { problem: sent } : this.#challenge(purpose, user, sent, challenge);
  }

  check(challenge: ModelChallenge, user: string, right: boolean): Answer {
    const { purpose, contact, verification } = challenge;
    const now = this.#now();
    if (challenge.owner !== user) return { problem: 'invalid-challenge' };
    if (this.#isConsumed(verification))
      return { problem: verification.consumedBy === challenge.id ? 'invalid-challenge' : 'code-expired' };
    if (this.#left(verification) <= 0) return { problem: 'code-expired' };
    const open = !isUsedUp(verification) && this.#admitsCheck(purpose, user, contact, 0);
    if (!open) return { problem: 'too-many-attempts' };
    if (verification.canceled) return { problem: 'code-expired' };
    this.checks += 1;
    if (!right) {
      verification.wrong += 1;
      this.#failed.push({ purpose, user, contact, at: now });
      return { problem: 'wrong-code' };
    }
    verification.consumedBy = challenge.id;
    this.#failed = this.#failed.filter(
      (one) => one.purpose !== purpose || one.user !== user || one.contact !== contact,
    );
    return { problem: null };
  }

  #left = (verification: Verification): number => verification.first + LIFE - this.#now();

  /** A consumed code is remembered for two minutes beyond its lifetime, so that a repeated request gets the same answer. */
  #isConsumed = (verification: Verification): boolean =>
    verification.consumedBy > 0 && this.#left(verification) > -120_000;

  #findActive(purpose: string, contact: string): Verification | undefined {
    const active = this.#active.get(`${purpose} ${contact}`);
    return active && this.#left(active) > 0 && active.consumedBy === 0 ? active : undefined;
  }

  /** Whether a code has two minutes left, wrong tries left, and can be checked by that user before it expires. */
  #isOfUse = (purpose: string, user: string, active: Verification): boolean =>
    !isUsedUp(active) && this.#left(active) > 120_000 && this.#canCheck(purpose, user, active);

  #canCheck = (purpose: string, user: string, active: Verification): boolean =>
    this.#admitsCheck(purpose, user, active.contact, this.#left(active) - 1);

  #mustWait(purpose: string, user: string, contact: string, active: Verification): boolean {
    return active.sends >= 5 || this.#refusesSend(purpose, user, contact) !== null;
  }

  /** Wrong codes of two-factor are counted by user; of contacts, by destination as well. */
  #admitsCheck(purpose: string, user: string, contact: string, span: number): boolean {
    const failures = this.#failed.filter((one) => one.purpose === purpose);
    const ofContact = failures.filter((one) => one.contact === contact).map(({ at }) => at);
    const ofUser = failures.filter((one) => one.user === user).map(({ at }) => at);
    const rule = purpose === 'contact' ? { waits: CHECK_WAITS } : { most: 30 };
    return (
      admitsWithin(ofContact, rule, this.#now(), span) &&
      admitsWithin(ofUser, { waits: CHECK_WAITS }, this.#now(), span)
    );
  }

  /** Sends of two-factor are counted by user and destination, and three times as many by destination. */
  #refusesSend(purpose: string, user: string, contact: string): string | null {
    const now = this.#now();
    const all = this.#sent.filter(({ key }) => key === `${purpose} ${contact}`);
    const own = purpose === 'contact' ? all : all.filter((one) => one.user === user);
    const moments = own.map(({ at }) => at);
    const isFull =
      !admits(moments, {}, now) ||
      !admits(
        all.map(({ at }) => at),
        { most: 30 },
        now,
      );
    if (isFull) return 'too-many-sends';
    return admits(moments, { waits: SEND_WAITS }, now) ? null : 'resend-too-soon';
  }

  #send(purpose: string, user: string, contact: string, active: Verification | undefined): Verification | string {
    const key = `${purpose} ${contact}`;
    const replaced = active !== undefined && (this.#left(active) <= 120_000 || isUsedUp(active));
    // A code that expires before this user may check it is neither sent again nor replaced.
    if (active && !replaced && !this.#canCheck(purpose, user, active)) return 'too-many-attempts';
    if (active && !replaced && active.sends >= 5) return 'resend-too-soon';
    // A code that cannot be checked until two minutes before its end is not sent.
    if (!this.#admitsCheck(purpose, user, contact, LIFE - 120_000)) return 'too-many-attempts';
    const refusal = this.#refusesSend(purpose, user, contact);
    if (refusal !== null) return refusal;
    this.#sent.push({ key, user, at: this.#now() });
    this.sends += 1;
    if (active && !replaced) {
      active.sends += 1;
      return active;
    }
    if (active) active.canceled = true;
    const fresh = { contact, first: this.#now(), sends: 1, wrong: 0, consumedBy: 0, canceled: false, code: '' };
    this.#active.set(key, fresh);
    return fresh;
  }

  #challenge(purpose: string, owner: string, verification: Verification, before?: ModelChallenge): Answer {
    const id = before?.verification === verification ? before.id : (this.#ids += 1);
    return { problem: null, challenge: { id, purpose, owner, contact: verification.contact, verification } };
  }
}

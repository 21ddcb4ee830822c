/** The reference model: what the protocol must answer, in a few lines and by arrays of moments. It shares no code with the backend. */

/** A code at Twilio. */
export interface Verification {
  contact: string;
  first: number;
  sends: number;
  wrong: number;
  spentBy: number;
  canceled: boolean;
  code: string;
}

/** A challenge in somebody's hands. */
export interface Held {
  id: number;
  purpose: string;
  owner: string;
  contact: string;
  verification: Verification;
}

interface Answer {
  problem: string | null;
  held?: Held;
}

const LIFE = 600_000;
const DAY = 86_400_000;

/** Whether one more may come after these moments. */
function admits(moments: number[], waits: number[], now: number): boolean {
  const alive = moments.filter((at) => now - at < DAY);
  const wait = waits[Math.min(alive.length, waits.length) - 1] ?? 0;
  return alive.length < 10 && now >= Math.max(...alive, -DAY) + wait * 1000;
}

/** One backend with its Twilio. */
export class Model {
  sends = 0;
  heard = 0;
  #ids = 0;
  readonly #now: () => number;
  readonly #sent: { key: string; at: number }[] = [];
  #failed: { purpose: string; user: string; contact: string; at: number }[] = [];
  readonly #living = new Map<string, Verification>();

  constructor(now: () => number) {
    this.#now = now;
  }

  start(purpose: string, owner: string, contact: string): Answer {
    const living = this.#alive(purpose, contact);
    const reusable = living && this.#left(living) > 120_000 && this.#mustWait(purpose, contact, living);
    if (reusable) return this.#hold(purpose, owner, living);
    const sent = this.#send(purpose, contact, living);
    return typeof sent === 'string' ? { problem: sent } : this.#hold(purpose, owner, sent);
  }

  resend(held: Held, user: string, channel?: string): Answer {
    const { purpose, verification } = held;
    if (held.owner !== user || this.#spent(verification)) return { problem: 'invalid-challenge' };
    if (this.#left(verification) <= 0) return { problem: 'code-expired' };
    const isEmail = held.contact.includes('@');
    const other = channel !== undefined && (channel === 'email') !== isEmail;
    if (other && purpose === 'contact') return { problem: 'unsupported-channel' };
    const to = other ? (isEmail ? '+14155552671' : 'ada@example.com') : held.contact;
    const living = this.#alive(purpose, to);
    if (other && living && this.#left(living) > 120_000) return this.#hold(purpose, user, living, held);
    const sent = this.#send(purpose, to, living);
    return typeof sent === 'string' ? { problem: sent } : this.#hold(purpose, user, sent, held);
  }

  check(held: Held, user: string, right: boolean): Answer {
    const { purpose, contact, verification } = held;
    const now = this.#now();
    if (held.owner !== user) return { problem: 'invalid-challenge' };
    if (this.#spent(verification))
      return { problem: verification.spentBy === held.id ? 'invalid-challenge' : 'code-expired' };
    if (this.#left(verification) <= 0) return { problem: 'code-expired' };
    const failures = this.#failed.filter((one) => one.purpose === purpose);
    const waits = [0, 0, 30, 60, 120, 300, 900];
    const open =
      verification.wrong < 5 &&
      admits(
        failures.filter((one) => one.contact === contact).map(({ at }) => at),
        waits,
        now,
      ) &&
      admits(
        failures.filter((one) => one.user === user).map(({ at }) => at),
        waits,
        now,
      );
    if (!open) return { problem: 'too-many-attempts' };
    if (verification.canceled) return { problem: 'code-expired' };
    this.heard += 1;
    if (!right) {
      verification.wrong += 1;
      this.#failed.push({ purpose, user, contact, at: now });
      return { problem: 'wrong-code' };
    }
    verification.spentBy = held.id;
    this.#failed = this.#failed.filter(
      (one) => one.purpose !== purpose || one.user !== user || one.contact !== contact,
    );
    return { problem: null };
  }

  #left = (verification: Verification): number => verification.first + LIFE - this.#now();

  /** That a code was used is remembered for two minutes beyond its life, for answers told again. */
  #spent = (verification: Verification): boolean => verification.spentBy > 0 && this.#left(verification) > -120_000;

  #alive(purpose: string, contact: string): Verification | undefined {
    const living = this.#living.get(`${purpose} ${contact}`);
    return living && this.#left(living) > 0 && living.spentBy === 0 ? living : undefined;
  }

  #mustWait(purpose: string, contact: string, living: Verification): boolean {
    return living.sends >= 5 || !this.#admitsSend(purpose, contact);
  }

  #admitsSend(purpose: string, contact: string): boolean {
    const sent = this.#sent.filter(({ key }) => key === `${purpose} ${contact}`).map(({ at }) => at);
    return admits(sent, [30, 40, 60, 90, 120, 260], this.#now());
  }

  #send(purpose: string, contact: string, living: Verification | undefined): Verification | string {
    const key = `${purpose} ${contact}`;
    const today = this.#sent.filter((one) => one.key === key && this.#now() - one.at < DAY).length;
    const replaced = living !== undefined && this.#left(living) <= 120_000;
    if (living && !replaced && living.sends >= 5) return 'resend-too-soon';
    if (!this.#admitsSend(purpose, contact)) return today < 10 ? 'resend-too-soon' : 'too-many-sends';
    this.#sent.push({ key, at: this.#now() });
    this.sends += 1;
    // Twilio takes no new code for a contact whose five tries are used up, until they have expired.
    if (living && living.wrong >= 5) return 'too-many-attempts';
    if (living && !replaced) {
      living.sends += 1;
      return living;
    }
    if (living) living.canceled = true;
    const fresh = { contact, first: this.#now(), sends: 1, wrong: 0, spentBy: 0, canceled: false, code: '' };
    this.#living.set(key, fresh);
    return fresh;
  }

  #hold(purpose: string, owner: string, verification: Verification, before?: Held): Answer {
    const id = before?.verification === verification ? before.id : (this.#ids += 1);
    return { problem: null, held: { id, purpose, owner, contact: verification.contact, verification } };
  }
}

/** The demo's cookie sessions, in memory: which user gave the right password, and whether they passed two-factor. */
import { randomBytes } from 'node:crypto';
import type { TwoFactorPolicy } from '../../src/server/index.js';
import { cookieOf } from './requests.js';

/** The state of a session. */
export interface Session {
  userId: string;
  /** Whether this session has passed two-factor. */
  secondFactor: boolean;
  /** The policy of this session. An application has one policy; the demo lets each visitor choose. */
  policy: TwoFactorPolicy['required'];
}

const cookie = 'demo_session';

/** Sessions by the random id in the cookie. */
export class Sessions {
  readonly #sessions = new Map<string, Session>();

  of(request: Request): Session | null {
    return this.#sessions.get(idOf(request)) ?? null;
  }

  /** Replaces the caller's session. Returns the `Set-Cookie` with a new id, so that an id planted by an attacker is useless. */
  open(request: Request, session: Session): string {
    this.#sessions.delete(idOf(request));
    const id = randomBytes(32).toString('base64url');
    this.#sessions.set(id, session);
    return `${cookie}=${id}; Path=/; HttpOnly; SameSite=Lax`;
  }

  /** Deletes the caller's session. Returns the `Set-Cookie`. */
  close(request: Request): string {
    this.#sessions.delete(idOf(request));
    return `${cookie}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0`;
  }
}

const idOf = (request: Request) => cookieOf(request, cookie);

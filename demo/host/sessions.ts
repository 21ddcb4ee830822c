/** The demo's cookie sessions: who has given the right password, and whether two-factor was passed since. In memory. */
import { randomBytes } from 'node:crypto';

import type { TwoFactorPolicy } from '../../src/server/index.js';

/** What one session has come to. */
export interface Session {
  userId: string;
  /** Whether this session has passed two-factor. */
  secondFactor: boolean;
  /** By which policy it was opened; an application has one for all, the demo lets its visitor choose. */
  policy: TwoFactorPolicy['required'];
}

const cookie = 'demo_session';

/** Sessions by the random id in the cookie. */
export class Sessions {
  readonly #sessions = new Map<string, Session>();

  of(request: Request): Session | null {
    return this.#sessions.get(idOf(request)) ?? null;
  }

  /** Replaces the caller's session and answers the `Set-Cookie`: a new id at every step up, so that a planted one is worth nothing. */
  open(request: Request, session: Session): string {
    this.#sessions.delete(idOf(request));
    const id = randomBytes(32).toString('base64url');
    this.#sessions.set(id, session);
    return `${cookie}=${id}; Path=/; HttpOnly; SameSite=Lax`;
  }

  /** Ends the caller's session and answers the `Set-Cookie`. */
  close(request: Request): string {
    this.#sessions.delete(idOf(request));
    return `${cookie}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0`;
  }
}

function idOf(request: Request): string {
  const pairs = (request.headers.get('cookie') ?? '').split(';').map((pair) => pair.trim().split('='));
  return pairs.find(([name]) => name === cookie)?.[1] ?? '';
}

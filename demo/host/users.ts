/** The demo's users table, in memory, with passwords as scrypt hashes. Contacts are in `accounts`, not here. */
import { randomBytes, randomUUID, scrypt, timingSafeEqual } from 'node:crypto';

/** One user of the demo. */
export interface User {
  id: string;
  name: string;
}

interface Stored extends User {
  salt: Buffer;
  hash: Buffer;
}

/** The users. Names are not case-sensitive. */
export class Users {
  readonly #byName = new Map<string, Stored>();
  readonly #byId = new Map<string, Stored>();

  /** Adds a user. Returns null if the name is taken. */
  async add(name: string, password: string): Promise<User | null> {
    const salt = randomBytes(16);
    const hash = await hashed(password, salt);
    // Checked after the await: otherwise two concurrent sign-ups would both find the name free.
    if (this.#byName.has(key(name))) return null;
    const user = { id: randomUUID(), name: name.trim(), salt, hash };
    this.#byName.set(key(name), user);
    this.#byId.set(user.id, user);
    return user;
  }

  /** The same users. What is added later to one is not in the other. */
  copy(): Users {
    const users = new Users();
    for (const [name, user] of this.#byName) users.#byName.set(name, user);
    for (const [id, user] of this.#byId) users.#byId.set(id, user);
    return users;
  }

  get(id: string): User | null {
    return this.#byId.get(id) ?? null;
  }

  named(name: string): User | null {
    return this.#byName.get(key(name)) ?? null;
  }

  has(name: string): boolean {
    return this.#byName.has(key(name));
  }

  /** The user, if the password is right, else null. Takes as long for an unknown name. */
  async signIn(name: string, password: string): Promise<User | null> {
    const user = this.#byName.get(key(name));
    const hash = await hashed(password, user?.salt ?? nobody.salt);
    return user && timingSafeEqual(hash, user.hash) ? user : null;
  }
}

const nobody = { salt: randomBytes(16) };

function key(name: string): string {
  return name.trim().normalize('NFKC').toLowerCase();
}

/** OWASP Password Storage Cheat Sheet: scrypt with N = 2^17, r = 8, p = 1. They need more memory than Node allows by default. */
function hashed(password: string, salt: Buffer): Promise<Buffer> {
  const cost = { N: 2 ** 17, r: 8, p: 1, maxmem: 256 * 1024 * 1024 };
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, 32, cost, (error, hash) => (error ? reject(error) : resolve(hash)));
  });
}

/** The application around the examples: users with passwords and cookie sessions, in memory. It knows nothing about verification. */
import { randomBytes, randomUUID, scrypt, timingSafeEqual } from 'node:crypto';

const users = new Map();
const sessions = new Map();
const spent = new Set();

/** An error that the person can correct. They see its message. */
export class Refused extends Error {}

/** Throws if these values cannot become an account. Call it first, so that no proof is wasted. */
export function checkNewUser(name, password) {
  if (!name || !password) throw new Refused('Name and password are needed.');
  if (users.has(name)) throw new Refused('This name is taken.');
}

/** Makes an account. */
export async function addUser(name, password) {
  const salt = randomBytes(16);
  const user = { id: randomUUID(), name, salt, hash: await hashed(password, salt) };
  checkNewUser(name, password);
  users.set(name, user);
  return user;
}

/** Returns the user with this password. */
export async function checkPassword(name, password) {
  const user = users.get(name);
  const hash = await hashed(password ?? '', user?.salt ?? 'nobody');
  if (!user || !timingSafeEqual(hash, user.hash)) throw new Refused('Name and password do not match.');
  return user;
}

/** Replaces the caller's session, and returns the `Set-Cookie` value. Add `; Secure` if the site has HTTPS. */
export function openSession({ id, name }, secondFactor, cookies) {
  sessions.delete(sessionId(cookies));
  const session = randomBytes(32).toString('base64url');
  sessions.set(session, { id, name, secondFactor });
  return `session=${session}; Path=/; HttpOnly; SameSite=Lax`;
}

/** Ends the caller's session, and returns the `Set-Cookie` value. */
export function closeSession(cookies) {
  sessions.delete(sessionId(cookies));
  return 'session=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0';
}

/** Returns `{ id, name, secondFactor }` for these cookies, or null. */
export function sessionOf(cookies) {
  return sessions.get(sessionId(cookies)) ?? null;
}

/** The same, but throws if nobody is signed in. */
export function demandSession(cookies) {
  const session = sessionOf(cookies);
  if (!session) throw new Refused('Please sign in again.');
  return session;
}

/** What the page may know about its session. */
export function sessionView(cookies) {
  const session = sessionOf(cookies);
  return { user: session?.name ?? null, signedIn: session?.secondFactor ?? false };
}

/** Throws if a proof (by its `jti`) was accepted before. */
export function once(jti) {
  if (spent.has(jti)) throw new Refused('Please verify again.');
  spent.add(jti);
}

function sessionId(cookies) {
  return /(?:^|;\s*)session=([^;]+)/.exec(cookies ?? '')?.[1] ?? '';
}

/** OWASP Password Storage Cheat Sheet: scrypt with N = 2^16, r = 8, p = 2. */
function hashed(password, salt) {
  const cost = { N: 2 ** 16, r: 8, p: 2, maxmem: 128 * 1024 * 1024 };
  return new Promise((resolve, reject) => {
    scrypt(password, salt, 32, cost, (error, hash) => (error ? reject(error) : resolve(hash)));
  });
}

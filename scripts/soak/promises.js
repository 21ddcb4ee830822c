/** What must hold after a soak, whatever broke on the way. It looks at what people saw, what Twilio did and what the owner was told. */
import { verifyProof } from '../../dist/server/index.js';

/** Milliseconds between two messages to one number; the limits say thirty seconds, and two clocks are not one. */
const WAIT = 29_000;

/**
 * The sentences about what was broken; none if all was kept.
 * @param {{
 *   seen: import('./people.js').Seen[],
 *   messages: Map<string, { at: number[] }>,
 *   approved: Set<string>,
 *   jwks: string,
 *   sent: number,
 *   metered: number,
 *   exit: number,
 *   flat: { name: string, key: string, rise: number, middle: number }[],
 * }} soak
 */
export async function broken({ seen, messages, approved, jwks, sent, metered, exit, flat }) {
  const found = [];
  const claim = (/** @type {string[]} */ against, /** @type {string} */ sentence) => {
    if (against.length > 0) found.push(`${sentence}: ${against.length}, such as ${against[0]}.`);
  };
  const numbers = (/** @type {(one: import('./people.js').Seen) => boolean} */ is) =>
    seen.filter(is).map(({ to }) => to);
  claim(
    numbers(({ to, proofs }) => approved.has(to) && proofs.length === 0),
    'Twilio approved a code, and nobody got the proof',
  );
  claim(
    numbers(({ to, proofs }) => proofs.length > 0 && !approved.has(to)),
    'a proof that Twilio never approved',
  );
  claim(
    numbers(({ wrongApproved }) => wrongApproved),
    'a wrong or spent code was approved',
  );
  claim(
    numbers(({ differing }) => differing),
    'one key had a proof and something else',
  );
  claim(
    numbers(({ proofs }) => new Set(proofs.map((proof) => claimsOf(proof).jti)).size > 1),
    'one key had two different proofs',
  );
  claim(await falseProofs(seen, jwks), 'a proof that does not verify, or is of another number');
  const soon = [...messages].filter(([, { at }]) => at.some((time, i) => i > 0 && time - (at[i - 1] ?? 0) < WAIT));
  claim(
    soon.map(([to]) => to),
    'two messages to one number within the wait',
  );
  const all = [...messages.values()].reduce((sum, { at }) => sum + at.length, 0);
  // Never fewer. One too many is told where the store forgot a message and Twilio lost the answer to the next.
  if (sent < all || sent > 1.001 * all + 1) found.push(`The owner was told of ${sent} messages, and ${all} went out.`);
  console.log(`\n${all} messages went out, the owner was told of ${sent}; ${approved.size} numbers were approved.`);
  if (metered > all || metered === 0) found.push(`The metrics of the last server count ${metered} of ${all} messages.`);
  if (exit !== 0) found.push(`The server ended with ${exit} when it was told to stop.`);
  if (seen.filter(({ end }) => end === 'proof').length < 0.9 * seen.length)
    found.push('Fewer than nine people of ten got their proof.');
  // A tenth of itself: more would be gigabytes in a month.
  for (const { name, key, rise, middle } of flat) {
    if (key !== 'p99' && rise > Math.max(0.1 * middle, key === 'sockets' || key === 'files' ? 10 : 1))
      found.push(`${name} grew by ${rise.toFixed(1)} at last, from about ${middle.toFixed(1)}.`);
  }
  return found;
}

/** @param {string} proof @returns {{ jti: string, iat: number }} */
const claimsOf = (proof) => JSON.parse(Buffer.from(proof.split('.')[1] ?? '', 'base64url').toString());

/** @param {import('./people.js').Seen[]} seen @param {string} jwks */
async function falseProofs(seen, jwks) {
  const found = [];
  for (const { to, proofs } of seen) {
    for (const proof of proofs) {
      // By the time at which it was made: after half an hour they have expired.
      const now = () => claimsOf(proof).iat * 1000;
      const expected = /** @type {const} */ ({ audience: 'https://soak.example', purpose: 'contact', subject: null });
      const claims = await verifyProof(proof, { ...expected, jwks, now }).catch(() => null);
      if (claims?.contact?.value !== to) found.push(to);
    }
  }
  return found;
}

/** What must be true after a soak, whatever failed in between. It compares what people saw, what Twilio did and what the events say. */
import { verifyProof } from '../../dist/server/index.js';

/** Milliseconds between two messages to one number. The limit is 30 seconds; a second is for the difference of two clocks. */
const MIN_INTERVAL = 29_000;

/**
 * A sentence for each broken invariant.
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
export async function brokenInvariants({ seen, messages, approved, jwks, sent, metered, exit, flat }) {
  const found = [];
  const expectNone = (/** @type {string[]} */ examples, /** @type {string} */ sentence) => {
    if (examples.length > 0) found.push(`${sentence}: ${examples.length}, such as ${examples[0]}.`);
  };
  const numbers = (/** @type {(one: import('./people.js').Seen) => boolean} */ is) =>
    seen.filter(is).map(({ to }) => to);
  expectNone(
    numbers(({ to, proofs }) => approved.has(to) && proofs.length === 0),
    'Twilio approved a code, but nobody got the proof',
  );
  expectNone(
    numbers(({ to, proofs }) => proofs.length > 0 && !approved.has(to)),
    'a proof that Twilio never approved',
  );
  expectNone(
    numbers(({ wrongApproved }) => wrongApproved),
    'a wrong or consumed code was approved',
  );
  expectNone(
    numbers(({ differing }) => differing),
    'one idempotency key had a proof and another answer',
  );
  expectNone(
    numbers(({ proofs }) => new Set(proofs.map((proof) => claimsOf(proof).jti)).size > 1),
    'one idempotency key had two different proofs',
  );
  expectNone(await falseProofs(seen, jwks), 'a proof that does not verify, or is for another number');
  const soon = [...messages].filter(([, { at }]) =>
    at.some((time, i) => i > 0 && time - (at[i - 1] ?? 0) < MIN_INTERVAL),
  );
  expectNone(
    soon.map(([to]) => to),
    'two messages to one number within the wait',
  );
  const all = [...messages.values()].reduce((sum, { at }) => sum + at.length, 0);
  // Never fewer. One event too many is possible where the store lost a message and Twilio's answer to the next one was lost.
  if (sent < all || sent > 1.001 * all + 1) found.push(`There were events for ${sent} messages, but ${all} were sent.`);
  console.log(`\n${all} messages were sent, with events for ${sent}; ${approved.size} numbers were approved.`);
  if (metered > all || metered === 0) found.push(`The metrics of the last server count ${metered} of ${all} messages.`);
  if (exit !== 0) found.push(`The server exited with ${exit} after SIGTERM.`);
  if (seen.filter(({ end }) => end === 'proof').length < 0.9 * seen.length)
    found.push('Fewer than nine in ten people got their proof.');
  // More than a tenth would be gigabytes in a month.
  for (const { name, key, rise, middle } of flat) {
    if (key !== 'p99' && rise > Math.max(0.1 * middle, key === 'sockets' || key === 'files' ? 10 : 1))
      found.push(`${name} grew by ${rise.toFixed(1)} in the last third, from about ${middle.toFixed(1)}.`);
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
      // At the time of its issue: proofs expire after half an hour.
      const now = () => claimsOf(proof).iat * 1000;
      const expected = /** @type {const} */ ({ audience: 'https://soak.example', purpose: 'contact', subject: null });
      const claims = await verifyProof(proof, { ...expected, jwks, now }).catch(() => null);
      if (claims?.contact?.value !== to) found.push(to);
    }
  }
  return found;
}

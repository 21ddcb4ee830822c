/** The server's view of the proof that it received: decoded, verified, and later expired. */
import { html, type TemplateResult } from 'lit';
import type { Receipt } from './host.js';

const verdicts: Record<Receipt['verdict'], string> = {
  verified: 'Accepted by verifyProof()',
  'expired-proof': 'Refused by verifyProof(): expired-proof',
  'invalid-proof': 'Refused by verifyProof(): invalid-proof',
  'keys-unavailable': 'The keys could not be had: keys-unavailable',
};

/** The card before the server has received a proof. */
export function waitingReceipt(): TemplateResult {
  return html`
    <section class="card receipt" aria-labelledby="receipt-title">
      <h3 id="receipt-title">What the server received</h3>
      <p class="verdict">Nothing yet: the browser keeps the form until the contact is verified.</p>
      <dl>${claimRows(null)}</dl>
    </section>
  `;
}

/** `advance` moves the demo's clock; it is null if the clock is the real one. `verifyAgain` verifies the proof once more. */
export function receiptCard(
  { header, claims, verdict, now }: Receipt,
  isAdvancing: boolean,
  advance: (() => void) | null,
  verifyAgain: () => void,
): TemplateResult {
  const { iat, exp } = claims;
  const elapsed = Math.min(1, Math.max(0, (now / 1000 - iat) / (exp - iat)));
  const isGood = verdict === 'verified';
  return html`
    <section class="card receipt" aria-labelledby="receipt-title">
      <h3 id="receipt-title">What the server received</h3>
      <p class="verdict ${isGood ? 'good' : 'bad'}" role="status">${verdicts[verdict]}</p>
      <dl>
        ${claimRows({
          contact: claims.contact?.value ?? '',
          purpose: claims.purpose,
          amr: claims.amr.join(', '),
          aud: claims.aud,
          iat: clock(iat * 1000),
          exp: clock(exp * 1000),
          jti: `${claims.jti.slice(0, 8)}…`,
          alg: String(header.alg),
        })}
      </dl>
      <div class="life">
        <progress max="1" .value=${elapsed} aria-label="How much of the proof’s life is over"></progress>
        <p class="small"><span>The server’s clock</span> <time>${clock(now)}</time></p>
      </div>
      ${action(isGood, isAdvancing, advance, verifyAgain)}
    </section>
  `;
}

function action(isGood: boolean, isAdvancing: boolean, advance: (() => void) | null, verifyAgain: () => void) {
  if (!isGood) return html`<p class="small quiet">The same proof, half an hour later: it opens nothing any more.</p>`;
  if (!advance) {
    return html`<button type="button" class="button" @click=${verifyAgain}>Verify again</button>
      <p class="small quiet">The clock is the real one in this run, and cannot be turned.</p>`;
  }
  return html`<button type="button" class="button" ?disabled=${isAdvancing} @click=${advance}>
    Turn the clock forward 30 minutes
  </button>`;
}

/** What each claim of a proof is for, in the order in which the card shows them. */
const meanings = {
  contact: 'what was verified',
  purpose: 'it opens nothing else',
  amr: 'how the code travelled',
  aud: 'for this application alone',
  iat: 'when it was signed',
  exp: 'when it ends',
  jti: 'taken once, never again',
  alg: 'checked against jwks.json',
} as const;

function claimRows(values: Record<keyof typeof meanings, string> | null): TemplateResult[] {
  return (Object.keys(meanings) as (keyof typeof meanings)[]).map(
    (name) =>
      html`<div>
        <dt><code>${name}</code></dt>
        <dd>
          <code><bdi dir="ltr">${values ? values[name] : '–'}</bdi></code> <small>${meanings[name]}</small>
        </dd>
      </div>`,
  );
}

function clock(milliseconds: number): string {
  return new Date(milliseconds).toLocaleTimeString('en-GB');
}

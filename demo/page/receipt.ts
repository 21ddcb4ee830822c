/** The server's view of the proof it received: decoded, verified, and expired once the clock has gone far enough. */
import { html, nothing, type TemplateResult } from 'lit';
import type { Receipt } from './host.js';

const verdicts: Record<Receipt['verdict'], string> = {
  verified: 'Accepted by verifyProof()',
  'expired-proof': 'Refused by verifyProof(): expired-proof',
  'invalid-proof': 'Refused by verifyProof(): invalid-proof',
  'keys-unavailable': 'The keys could not be had: keys-unavailable',
};

/** `turn` is null where the clock is the real one; then `again` asks the server once more. */
export function receiptCard(
  { header, claims, verdict, now }: Receipt,
  isTurning: boolean,
  turn: (() => void) | null,
  again: () => void,
): TemplateResult {
  const { iat, exp } = claims;
  const spent = Math.min(1, Math.max(0, (now / 1000 - iat) / (exp - iat)));
  const isGood = verdict === 'verified';
  return html`
    <section class="card receipt" aria-labelledby="receipt-title">
      <h3 id="receipt-title">What the server received</h3>
      <p class="verdict ${isGood ? 'good' : 'bad'}" role="status">${verdicts[verdict]}</p>
      <dl>
        ${line('contact', claims.contact?.value, 'what was verified')}
        ${line('purpose', claims.purpose, 'it opens nothing else')}
        ${line('amr', claims.amr.join(', '), 'how the code travelled')}
        ${line('aud', claims.aud, 'for this application alone')} ${line('iat', clock(iat * 1000), 'when it was signed')}
        ${line('exp', clock(exp * 1000), 'when it ends')}
        ${line('jti', `${claims.jti.slice(0, 8)}…`, 'taken once, never again')}
        ${line('alg', String(header.alg), 'checked against jwks.json')}
      </dl>
      <div class="life">
        <progress max="1" .value=${spent} aria-label="How much of the proof’s life is over"></progress>
        <p class="small"><span>The server’s clock</span> <time>${clock(now)}</time></p>
      </div>
      ${action(isGood, isTurning, turn, again)}
    </section>
  `;
}

function action(isGood: boolean, isTurning: boolean, turn: (() => void) | null, again: () => void) {
  if (!isGood) return html`<p class="small quiet">The same proof, half an hour later: it opens nothing any more.</p>`;
  if (!turn) {
    return html`<button type="button" class="button" @click=${again}>Verify again</button>
      <p class="small quiet">The clock is the real one in this run, and cannot be turned.</p>`;
  }
  return html`<button type="button" class="button" ?disabled=${isTurning} @click=${turn}>
    Turn the clock forward 30 minutes
  </button>`;
}

function line(name: string, value: string | undefined, meaning: string): TemplateResult | typeof nothing {
  if (value === undefined) return nothing;
  return html`<div>
    <dt><code>${name}</code></dt>
    <dd>
      <code><bdi dir="ltr">${value}</bdi></code> <small>${meaning}</small>
    </dd>
  </div>`;
}

function clock(milliseconds: number): string {
  return new Date(milliseconds).toLocaleTimeString('en-GB');
}

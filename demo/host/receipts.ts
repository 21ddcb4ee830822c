/** The last hundred proofs that the demo's server received, in memory, so that the page can verify them again later. */
import { randomUUID } from 'node:crypto';
import { ProofError, verifyProof, type Proof, type VerifyProofOptions } from '../../src/server/index.js';

/** The server's view of a proof: what it contains, and whether it is still valid. */
export interface Receipt {
  /** The token's first part, decoded. */
  header: Record<string, unknown>;
  claims: Proof;
  /** `verified`, or why `verifyProof()` refused it. */
  verdict: 'verified' | ProofError['code'];
  /** The server's clock, in milliseconds since 1970. */
  now: number;
}

/** Receipts by an id, which only the page that sent the proof knows. */
export class Receipts {
  readonly #kept = new Map<string, { proof: string; claims: Proof }>();

  keep(proof: string, claims: Proof): string {
    const id = randomUUID();
    this.#kept.set(id, { proof, claims });
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > 100 && oldest !== undefined) this.#kept.delete(oldest);
    return id;
  }

  /** Verifies the proof again, by the clock of `expected`. Returns null for an unknown id. */
  async read(id: string, expected: VerifyProofOptions & { now: () => number }): Promise<Receipt | null> {
    const kept = this.#kept.get(id);
    if (!kept) return null;
    const verdict = await verifyProof(kept.proof, expected).then(
      () => 'verified' as const,
      (error: unknown) => {
        if (error instanceof ProofError) return error.code;
        throw error;
      },
    );
    const header = JSON.parse(Buffer.from(kept.proof.split('.')[0] ?? '', 'base64url').toString()) as Receipt['header'];
    return { header, claims: kept.claims, verdict, now: expected.now() };
  }
}

/** The proof of a form that is not yet sent, as a form library's default value. It survives a reload of the tab. */
const key = 'sign-up proof';

export const keptProof = (): string => sessionStorage.getItem(key) ?? '';

/** Nothing, or an empty text, forgets it. */
export function keepProof(proof: string | null | undefined): void {
  if (proof) sessionStorage.setItem(key, proof);
  else sessionStorage.removeItem(key);
}

/** What the doctor asks and finds. Types, and the two shortest findings. */

/** What a question brought to light. `change` keeps something from working; `advice` could be better, or cannot be known. */
export interface Finding {
  kind: 'good' | 'advice' | 'change';
  text: string;
}

/** One thing to find out. A rejection is a finding, too. */
export interface Question {
  about: string;
  ask(): Promise<Finding[]>;
}

/** All is well. */
export const good = (text: string): Finding => ({ kind: 'good', text });

/** Something has to be done. */
export const change = (text: string): Finding => ({ kind: 'change', text });

/** What the doctor asks and finds. Types, and the two shortest findings. */

/** What a question brought to light. `change` keeps something from working; `advice` could be better, or cannot be known. */
export interface DiagnosticResult {
  kind: 'good' | 'advice' | 'change';
  text: string;
}

/** One thing to find out. A rejection is a finding, too. */
export interface Diagnostic {
  title: string;
  run(): Promise<DiagnosticResult[]>;
}

/** All is well. */
export const pass = (text: string): DiagnosticResult => ({ kind: 'good', text });

/** Something has to be done. */
export const fix = (text: string): DiagnosticResult => ({ kind: 'change', text });

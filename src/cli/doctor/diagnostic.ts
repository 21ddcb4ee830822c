/** What the doctor tests, and what a test finds. */

/** A finding. `fix`: something does not work; `advice`: something could be better, or cannot be tested. */
export interface DiagnosticResult {
  kind: 'pass' | 'advice' | 'fix';
  text: string;
}

/** A test. A rejection of `run` counts as a `fix`. */
export interface Diagnostic {
  title: string;
  run(): Promise<DiagnosticResult[]>;
}

export const pass = (text: string): DiagnosticResult => ({ kind: 'pass', text });
export const advise = (text: string): DiagnosticResult => ({ kind: 'advice', text });
export const fix = (text: string): DiagnosticResult => ({ kind: 'fix', text });

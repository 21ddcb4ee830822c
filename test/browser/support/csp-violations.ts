/** Runs in the strict page before the elements do, and keeps what its policy complains of. Not a test. */
declare global {
  interface Window {
    /** The directive that was violated and what was blocked, one a violation. */
    violations: string[];
  }
}

window.violations = [];
document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sample }) =>
  window.violations.push(`${violatedDirective}: ${blockedURI} ${sample}`),
);

export {};

/** Runs in the strict page before the elements, and records violations of its policy. Not a test. */
declare global {
  interface Window {
    /** The violated directive and the blocked resource, one for each violation. */
    violations: string[];
  }
}

window.violations = [];
document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sample }) =>
  window.violations.push(`${violatedDirective}: ${blockedURI} ${sample}`),
);

export {};

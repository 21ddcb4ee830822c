/** The one sentence about a package that the host installs itself, if it is not there. It loads nothing. */

/** A package that this one does not bring along is not installed. The message says what needs it and how it is installed. */
export class MissingPackageError extends Error {
  override readonly name = 'MissingPackageError';
  readonly code = 'missing-package';
  readonly packageName: string;

  constructor(packageName: string, whatNeedsIt: string, options?: ErrorOptions) {
    super(
      `${whatNeedsIt} needs the package ${packageName}, which is not installed: npm install ${packageName}`,
      options,
    );
    this.packageName = packageName;
  }
}

/**
 * What to throw where `import(packageName)` failed: the sentence if the package itself is not there, else the failure as it was.
 * The import stands in a `try` of its caller, which tells bundlers that it may fail.
 */
export function missingPackageError(packageName: string, whatNeedsIt: string, failure: unknown): unknown {
  const { code, message } = (failure ?? {}) as { code?: unknown; message?: unknown };
  const notFound = code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND';
  // A package that is there and lacks a part of its own is another fault, with another remedy.
  if (!notFound || !String(message).includes(`'${packageName}'`)) return failure;
  return new MissingPackageError(packageName, whatNeedsIt, { cause: failure });
}

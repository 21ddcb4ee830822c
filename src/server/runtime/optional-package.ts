/** The error for a package that the host has to install itself. This file loads nothing. */

/** An optional package is not installed. The message says what needs it and how to install it. */
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
 * What to throw after `import(packageName)` failed: a `MissingPackageError` if the package is not installed, else the failure
 * itself. The caller has the import in a `try`, so that bundlers know that it may fail.
 */
export function missingPackageError(packageName: string, whatNeedsIt: string, failure: unknown): unknown {
  const { code, message } = (failure ?? {}) as { code?: unknown; message?: unknown };
  const notFound = code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND';
  // An installed package that lacks a file or dependency of its own is another fault and needs another remedy.
  if (!notFound || !String(message).includes(`'${packageName}'`)) return failure;
  return new MissingPackageError(packageName, whatNeedsIt, { cause: failure });
}

/** Next.js's settings: Node loads server-only packages unbundled, once for all routes. */
export default { serverExternalPackages: ['verify-contact', 'shop'] };

/** Next.js's settings: what runs on the server alone is loaded by Node as it is, once for all routes. */
export default { serverExternalPackages: ['verify-contact', 'shop'] };

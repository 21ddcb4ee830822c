/** Next.js's settings: Node loads these packages unbundled, once for all routes. Components, as those of verify-contact/react, must be bundled. */
export default { serverExternalPackages: ['shop', 'twilio'] };

/** The code that the story shows: a complete page and a complete server. */

/** The code of the page. */
export const pageLines = `<script type="module" src="/assets/verify-contact.min.js"></script>

<form method="post" action="/sign-up">
  <verify-contact name="proof" type="phone email" required></verify-contact>
  <button>Create account</button>
</form>`;

/** The code of the server: the backend, and the verification of a proof. */
export const serverLines = `import { createHandler, verifyProof } from 'verify-contact/server';

const audience = 'https://shop.example';
const verify = createHandler({ twilio, keys, audience, anonymous: true });
// app.use('/verify', nodeListener(verify))

const jwks = \`\${audience}/verify/jwks.json\`;
const { contact } = await verifyProof(proof, {
  jwks,
  audience,
  purpose: 'contact',
  subject: null,
});`;

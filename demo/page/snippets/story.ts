/** The lines that the story shows: the whole of a page and of a server, as somebody would write them. */

/** What stands in the page. */
export const pageLines = `<script type="module" src="/assets/verify-contact.min.js"></script>

<form method="post" action="/sign-up">
  <verify-contact name="proof" type="phone email" required></verify-contact>
  <button>Create account</button>
</form>`;

/** What stands in the server: the backend, and the one question to each proof. */
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

/** The lines that the first page shows: all that a person types, from an empty folder to a number that is verified. */

/** A file, or what is typed into a terminal. */
export interface FirstSnippet {
  readonly title: string;
  /** The name of the language, as after a fence in Markdown. */
  readonly language: 'sh' | 'html' | 'js';
  readonly code: string;
}

/** The first line of all. */
export const install = 'npm install verify-contact twilio';

export const terminal: FirstSnippet = {
  title: 'Terminal',
  language: 'sh',
  code: `npm install verify-contact twilio express
npx verify-contact keys > .env
node --env-file=.env server.mjs`,
};

export const page: FirstSnippet = {
  title: 'index.html',
  language: 'html',
  code: `<!doctype html>
<html lang="en">
  <title>Sign up</title>
  <script type="module" src="/assets/verify-contact.min.js"></script>

  <form method="post" action="/sign-up">
    <verify-contact name="proof" required></verify-contact>
    <button>Create account</button>
  </form>
</html>`,
};

export const server: FirstSnippet = {
  title: 'server.mjs',
  language: 'js',
  code: `import express from 'express';
import { createEmulator } from 'verify-contact/emulator';
import { createHandler, ProofError, verifyProof } from 'verify-contact/server';
import { nodeListener } from 'verify-contact/server/node';

// In place of Twilio, and without an account. It prints the codes.
const emulator = createEmulator();
emulator.outbox.subscribe(({ to, code }) => console.log(\`\${to}: \${code}\`));
const { accountSid, apiKey, apiSecret } = emulator.credentials;
const { contact: contactService } = emulator.services;
const transport = emulator.fetch;

const { VERIFY_SECRET: secret, VERIFY_SIGNING_KEY: signing } = process.env;
const audience = 'https://shop.example';
const verify = createHandler({
  twilio: { accountSid, apiKey, apiSecret, contactService, transport },
  keys: { secret, signing: JSON.parse(signing) },
  audience,
  anonymous: true, // people who sign up are not signed in yet
});
const keys = new Request('http://localhost/verify/jwks.json');
const jwks = await (await verify(keys)).json();
const accepted = new Set(); // a proof counts once

const app = express();
app.use('/verify', nodeListener(verify));
app.use('/assets', express.static('node_modules/verify-contact/dist'));
app.get('/', (request, response) => response.sendFile('index.html', { root: '.' }));
app.post('/sign-up', express.urlencoded(), async (request, response) => {
  const expected = { jwks, audience, purpose: 'contact', subject: null };
  const { contact, jti } = await verifyProof(request.body.proof, expected);
  if (accepted.has(jti)) throw new ProofError('invalid-proof');
  accepted.add(jti);
  response.type('text').send(\`\${contact.value} is verified.\`);
});
app.use((error, request, response, next) => {
  if (!(error instanceof ProofError)) return next(error);
  response.status(422).send('Please verify again.');
});
app.listen(8080, () => console.log('http://localhost:8080'));`,
};

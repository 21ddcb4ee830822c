'use client';
/** The two forms with elements in them, which the server renders as well. The components register the tags. */
import { useState } from 'react';
import { TwoFactor, VerifyContact } from 'verify-contact/react';

export function SignUp() {
  const [contact, setContact] = useState('');
  return (
    <form method="post" action="/sign-up" aria-label="Sign up">
      <h2>Sign up</h2>
      <label>
        Name <input name="name" autoComplete="username" required />
      </label>
      <label>
        Password <input name="password" type="password" autoComplete="new-password" required />
      </label>
      <VerifyContact
        name="proof"
        type="phone email"
        country="US"
        required
        onContactVerified={(event) => setContact(event.contact.value)}
      />
      {contact && <output>We will reach you at {contact}.</output>}
      <button>Create account</button>
    </form>
  );
}

export function SecondFactor() {
  return (
    <form method="post" action="/second-factor" aria-label="Second factor">
      <h2>One more step</h2>
      {/* The event only says when to act. The form takes the proof to the server, which decides. */}
      <TwoFactor name="proof" required onTwoFactorVerified={({ target }) => target.form.requestSubmit()} />
    </form>
  );
}

'use client';
/** The two forms with elements in them. `define` registers the tags in the browser only. */
import { useEffect, useState } from 'react';

/** True once the tags are registered. React attaches no listeners to custom elements that the server rendered (react/react#35446). */
function useElements() {
  const [ready, setReady] = useState(false);
  useEffect(() => void import('verify-contact/define').then(() => setReady(true)), []);
  return ready;
}

export function SignUp() {
  const ready = useElements();
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
      {ready && (
        <verify-contact
          name="proof"
          type="phone email"
          country="US"
          required
          oncontact-verified={(event) => setContact(event.contact.value)}
        />
      )}
      {contact && <output>We will reach you at {contact}.</output>}
      <button>Create account</button>
    </form>
  );
}

export function SecondFactor() {
  const ready = useElements();
  return (
    <form method="post" action="/second-factor" aria-label="Second factor">
      <h2>One more step</h2>
      {/* The event only says when to act. The form takes the proof to the server, which decides. */}
      {ready && (
        <two-factor name="proof" required ontwo-factor-verified={({ target }) => target.form.requestSubmit()} />
      )}
    </form>
  );
}

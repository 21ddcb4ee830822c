/** Both elements in React 19, which sets properties and listens to custom events (`on` and the event's name). */
import { useEffect, useState, type FormEvent } from 'react';
import type {} from 'verify-contact/react';
import { HookForm, TanStackForm } from './library-forms.js';
import { post, session, type Session } from './shop.js';

/** The form for signing up that the page's address names. Without a name it is a native form. */
const form = new URLSearchParams(location.search).get('form');
const LibraryForm = form === 'react-hook-form' ? HookForm : form === 'tanstack-form' ? TanStackForm : null;

export function App() {
  const [state, setState] = useState<Session | null>(null);
  const [problem, setProblem] = useState('');
  useEffect(() => void session().then(setState), []);

  const send = (path: string, fields: FormData | Record<string, string> = {}) =>
    post(path, fields).then(setState, (error: Error) => setProblem(error.message));
  const submit = (path: string) => (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    void send(path, new FormData(event.currentTarget));
  };

  if (!state) return null;
  return (
    <>
      <p role="alert">{problem}</p>
      {state.signedIn ? (
        <Account user={state.user} signOut={() => void send('/sign-out')} />
      ) : state.user ? (
        <SecondFactor verified={(proof) => void send('/second-factor', { proof })} />
      ) : (
        <>
          {LibraryForm ? (
            <LibraryForm send={(fields) => void send('/sign-up', fields)} />
          ) : (
            <SignUp submit={submit('/sign-up')} />
          )}
          <SignIn submit={submit('/sign-in')} />
        </>
      )}
    </>
  );
}

function SignUp({ submit }: { submit: (event: FormEvent<HTMLFormElement>) => void }) {
  const [contact, setContact] = useState('');
  return (
    <form aria-label="Sign up" onSubmit={submit}>
      <h2>Sign up</h2>
      <label>
        Name <input name="name" autoComplete="username" required />
      </label>
      <label>
        Password <input name="password" type="password" autoComplete="new-password" required />
      </label>
      <verify-contact
        name="proof"
        type="phone email"
        country="US"
        required
        oncontact-verified={(event) => setContact(event.contact?.value ?? '')}
      />
      {contact && <output>We will reach you at {contact}.</output>}
      <button>Create account</button>
    </form>
  );
}

function SignIn({ submit }: { submit: (event: FormEvent<HTMLFormElement>) => void }) {
  return (
    <form aria-label="Sign in" onSubmit={submit}>
      <h2>Sign in</h2>
      <label>
        Name <input name="name" autoComplete="username" required />
      </label>
      <label>
        Password <input name="password" type="password" autoComplete="current-password" required />
      </label>
      <button>Sign in</button>
    </form>
  );
}

/** The event only says when to act. The server checks the proof and decides what comes next. */
function SecondFactor({ verified }: { verified: (proof: string) => void }) {
  return (
    <form aria-label="Second factor">
      <h2>One more step</h2>
      <two-factor ontwo-factor-verified={(event) => verified(event.proof)} />
    </form>
  );
}

function Account({ user, signOut }: { user: string | null; signOut: () => void }) {
  return (
    <>
      <h2>Signed in as {user}</h2>
      <button onClick={signOut}>Sign out</button>
    </>
  );
}

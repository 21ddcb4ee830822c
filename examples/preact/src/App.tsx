/** Both elements in Preact, which sets properties and listens to custom events (`on` and the event's name). */
import type { TargetedSubmitEvent } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type {} from 'verify-contact/preact';
import { post, session, type Session } from './shop.js';

type Submit = (event: TargetedSubmitEvent<HTMLFormElement>) => void;

export function App() {
  const [state, setState] = useState<Session | null>(null);
  const [problem, setProblem] = useState('');
  useEffect(() => void session().then(setState), []);

  const send = (path: string, fields: FormData | Record<string, string> = {}) =>
    post(path, fields).then(setState, (error: Error) => setProblem(error.message));
  const submit =
    (path: string): Submit =>
    (event) => {
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
          <SignUp submit={submit('/sign-up')} />
          <SignIn submit={submit('/sign-in')} />
        </>
      )}
    </>
  );
}

function SignUp({ submit }: { submit: Submit }) {
  const [contact, setContact] = useState('');
  return (
    <form aria-label="Sign up" onSubmit={submit}>
      <h2>Sign up</h2>
      <label>
        Name <input name="name" autocomplete="username" required />
      </label>
      <label>
        Password <input name="password" type="password" autocomplete="new-password" required />
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

function SignIn({ submit }: { submit: Submit }) {
  return (
    <form aria-label="Sign in" onSubmit={submit}>
      <h2>Sign in</h2>
      <label>
        Name <input name="name" autocomplete="username" required />
      </label>
      <label>
        Password <input name="password" type="password" autocomplete="current-password" required />
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

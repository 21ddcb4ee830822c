/** Both elements in Solid. A template listens to an event by `on:` and its name. */
import { createResource, createSignal, Match, Show, Switch } from 'solid-js';
import type {} from 'verify-contact/solid';
import { post, session } from './shop.js';

type Submit = (event: SubmitEvent & { currentTarget: HTMLFormElement }) => void;

export function App() {
  const [state, { mutate }] = createResource(session);
  const [problem, setProblem] = createSignal('');

  const send = (path: string, fields: FormData | Record<string, string> = {}) =>
    post(path, fields).then(mutate, (error: Error) => setProblem(error.message));
  const submit =
    (path: string): Submit =>
    (event) => {
      event.preventDefault();
      void send(path, new FormData(event.currentTarget));
    };

  return (
    <>
      <p role="alert">{problem()}</p>
      <Switch>
        <Match when={state()?.signedIn}>
          <h2>Signed in as {state()?.user}</h2>
          <button onClick={() => void send('/sign-out')}>Sign out</button>
        </Match>
        <Match when={state()?.user}>
          <SecondFactor verified={(proof) => void send('/second-factor', { proof })} />
        </Match>
        <Match when={state()}>
          <SignUp submit={submit('/sign-up')} />
          <SignIn submit={submit('/sign-in')} />
        </Match>
      </Switch>
    </>
  );
}

function SignUp(props: { submit: Submit }) {
  const [contact, setContact] = createSignal('');
  return (
    <form aria-label="Sign up" onSubmit={props.submit}>
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
        on:contact-verified={(event) => setContact(event.contact?.value ?? '')}
      />
      <Show when={contact()}>
        <output>We will reach you at {contact()}.</output>
      </Show>
      <button>Create account</button>
    </form>
  );
}

function SignIn(props: { submit: Submit }) {
  return (
    <form aria-label="Sign in" onSubmit={props.submit}>
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
function SecondFactor(props: { verified: (proof: string) => void }) {
  return (
    <form aria-label="Second factor">
      <h2>One more step</h2>
      <two-factor on:two-factor-verified={(event) => props.verified(event.proof)} />
    </form>
  );
}

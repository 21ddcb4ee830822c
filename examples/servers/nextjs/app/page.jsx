/** The only page. The server knows who is signed in, so it decides which form to show. */
import { headers } from 'next/headers';
import * as shop from 'shop';
import { SecondFactor, SignUp } from './forms.jsx';

export default async function Page() {
  const { user, signedIn } = shop.sessionView((await headers()).get('cookie'));
  if (signedIn) {
    return (
      <form method="post" action="/sign-out" aria-label="Account">
        <h2>Signed in as {user}</h2>
        <button>Sign out</button>
      </form>
    );
  }
  if (user) return <SecondFactor />;
  return (
    <>
      <SignUp />
      <form method="post" action="/sign-in" aria-label="Sign in">
        <h2>Sign in</h2>
        <label>
          Name <input name="name" autoComplete="username" required />
        </label>
        <label>
          Password <input name="password" type="password" autoComplete="current-password" required />
        </label>
        <button>Sign in</button>
      </form>
    </>
  );
}

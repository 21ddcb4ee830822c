/** Both elements in React as they are meant. */
import 'verify-contact/define';
import { VerifyContact, TwoFactor } from 'verify-contact/react';

export const page = (
  <form>
    <h1 className="title">Sign up</h1>
    <verify-contact
      name="proof"
      type="phone email"
      country="DE"
      required
      auto-submit
      className="wide"
      messages={{ 'send-code': 'Text me' }}
      oncontact-verified={(event) => event.contact?.value.toUpperCase()}
      onproblem={({ problem }) => problem.code.length}
      ref={(element) => void element?.start()}
    >
      <p slot="consent">Rates may apply.</p>
    </verify-contact>
    <two-factor endpoint="/verify" token={null} ontwo-factor-verified={(event) => event.proof.length} />
    <VerifyContact
      name="proof"
      required
      autoSubmit
      className="wide"
      messages={{ 'send-code': 'Text me' }}
      onContactVerified={(event) => event.contact?.value.toUpperCase()}
      ref={(element) => void element?.start()}
    >
      <p slot="consent">Rates may apply.</p>
    </VerifyContact>
    <TwoFactor onTwoFactorVerified={(event) => event.proof.length} />
  </form>
);

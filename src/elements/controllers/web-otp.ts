/** WebOTP: the browser offers the code of a text message that ends in `@domain #code` (https://wicg.github.io/web-otp/). Loaded only in browsers that support it. */

declare global {
  interface CredentialRequestOptions {
    otp?: { transport: string[] };
  }
}

/** Fills the field with the code of the next such message, if the person allows it before `signal` aborts. */
export async function receiveCode(
  signal: AbortSignal,
  field: () => HTMLInputElement | null | undefined,
): Promise<void> {
  const options = { otp: { transport: ['sms'] }, signal };
  const found: (Credential & { code?: string }) | null = await navigator.credentials.get(options).catch(() => null);
  const input = field();
  if (!found?.code || !input) return;
  input.value = found.code;
  // The event that autofill dispatches, so that the field extracts the code and `auto-submit` works.
  input.dispatchEvent(new InputEvent('input', { inputType: 'insertReplacementText' }));
}

/** The script of the page in a WebView: it asks the app for a token, and sends it the proof. */
const tell = (message) => window.ReactNativeWebView.postMessage(JSON.stringify(message));
const element = document.querySelector('verify-contact, two-factor');

/** The app answers the message `token` by calling `receiveToken` with a token, or with null if nobody is signed in. */
let resolveToken = () => {};
window.receiveToken = (token) => resolveToken(token);
element.getToken = () =>
  new Promise((resolve) => {
    resolveToken = resolve;
    tell({ type: 'token' });
  });

// The event only says when. Your server checks the proof.
for (const type of ['contact-verified', 'two-factor-verified'])
  element.addEventListener(type, ({ proof }) => tell({ type: 'proof', proof }));
element.addEventListener('two-factor-not-required', () => tell({ type: 'not-required' }));

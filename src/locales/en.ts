/**
 * English: every sentence that the elements show or announce, and the type of all other languages. No logic.
 *
 * A value is a sentence, or an object of plural forms named as in `Intl.PluralRules` (`zero one two few many other`);
 * a language has exactly the forms that `new Intl.PluralRules(lang).resolvedOptions().pluralCategories` lists.
 * A translation must have the same placeholders as English:
 * - `{to}`    a phone number or address, always written left to right ("+1 415 555 2671", "•••• 71", "a•••@e•••")
 * - `{when}`  a complete phrase by `Intl` ("in 28 seconds", "in 24 hours (Sunday 2:30 PM)"): write no "in" before it
 * - `{n}`     a number in the language's digits, which selects the plural form. In a `code-hint-…` it is the length of the code, 4 to 10
 * Sentences may be joined by a space ("That code isn’t right. Check the digits. 4 tries left."), so each ends as its language ends a sentence.
 * Labels and buttons have no full stop. Buttons are short: they share a line at 320 px.
 * A resend delivers the *same* code: no sentence may say "new code" or "the old code no longer works".
 */

/** The plural forms of a sentence. `other` is used for a form that is missing. */
export type Plural = Readonly<Partial<Record<Intl.LDMLPluralRule, string>>> & { readonly other: string };

const en = {
  // Contact step
  'phone-label': 'Phone number',
  'email-label': 'E-mail address',
  'country-label': 'Country or region',
  'phone-hint': 'We’ll send a code to this number to check that it’s yours.',
  'email-hint': 'We’ll send a code to this address to check that it’s yours.',
  'did-you-mean': 'Did you mean {to}?', // a button, where the domain looks like a typo
  'send-code': 'Send code',
  'go-back': 'Go back',
  'use-phone': 'Use a phone number instead',
  'use-email': 'Use an e-mail address instead',

  // Code step: one hint and one switch for each channel
  'code-label': 'Code',
  'code-hint-sms': 'Enter the {n}-digit code sent by text message to {to}.',
  'code-hint-call': 'We’re calling {to}. Enter the {n}-digit code you hear.',
  'code-hint-whatsapp': 'Enter the {n}-digit code sent by WhatsApp to {to}.',
  'code-hint-email': 'Enter the {n}-digit code sent to {to}.',
  'submit-code': 'Submit code',
  'resend-code': 'Resend code',
  'resend-wait': 'You can resend the code {when}.',
  'change-phone': 'Change number',
  'change-email': 'Change address',
  'switch-sms': 'Send a text message instead',
  'switch-call': 'Call me instead',
  'switch-whatsapp': 'Send by WhatsApp instead',
  'switch-email': 'Send to my e-mail instead',
  'code-expires': 'The code expires {when}.',

  // Progress, waits and success, shown or announced. `retry-wait`, `retry-ready` and `tries-left` follow another sentence.
  starting: 'One moment …',
  sending: 'Sending the code …',
  checking: 'Checking the code …',
  'code-sent': 'Code sent to {to}.',
  'code-sent-again': 'Code sent to {to} again.',
  'resend-ready': 'You can resend the code now.',
  'retry-wait': 'You can try again {when}.',
  'retry-ready': 'You can try again now.',
  'try-again': 'Try again', // a button
  'tries-left': { one: '{n} try left.', other: '{n} tries left.' },
  verified: '{to} is verified.', // <verify-contact>
  confirmed: 'The code is right.', // <two-factor>
  required: 'Finish the verification first.', // the browser's message beside a required element

  // Problems, and nothing else, are below this line. Some sentences depend on the type of the contact.
  'missing-contact-phone': 'Enter your phone number.',
  'missing-contact-email': 'Enter your e-mail address.',
  'invalid-contact-phone': 'This isn’t a valid phone number. Check the country and the digits.',
  'invalid-contact-email': 'This isn’t a valid e-mail address. It should look like name@example.com.',
  'missing-code': 'Enter the code.',
  'malformed-code': { one: 'The code has {n} digit.', other: 'The code has {n} digits.' },
  'wrong-code': 'That code isn’t right. Check the digits.',
  'code-expired': 'This code has expired.',
  'too-many-attempts': 'Too many wrong codes.',
  'too-many-sends': 'Too many codes were sent.',
  'resend-too-soon': 'A code was just sent.',
  'unsupported-contact': 'We can’t send a code to this number or address. Use a different one.',
  'unsupported-channel': 'We can’t send a code in this way. Use a different one.',
  'unsupported-channel-phone': 'This number can’t receive text messages. Use a different one.',
  blocked: 'We can’t send a code to this number or address right now. Try again later.',
  'contact-in-use': 'Another account uses this number or address. Sign in to that account, or use a different one.',
  'invalid-challenge': 'This verification is over. Start again.',
  'proof-expired': 'Too much time has passed. Verify again.',
  unauthenticated: 'You’re no longer signed in. Sign in again.',
  'two-factor-needed': 'First confirm your sign-in with a code.',
  'not-available': 'We can’t send a code to any number or address of your account. Ask for help.',
  unavailable: 'This isn’t working right now. Try again later.', // also for every problem without a sentence
  unreachable: 'We can’t reach the server. Check your connection and try again.',
} as const;

/** The name of a sentence. The sentence of a problem has the name of its code. */
export type MessageKey = keyof typeof en;

/** All sentences of one language. */
export type Messages = { readonly [Key in MessageKey]: (typeof en)[Key] extends string ? string : Plural };

export default en as Messages;

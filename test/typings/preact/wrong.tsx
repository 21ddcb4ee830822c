/** What must not pass, a line each. */
import type {} from 'verify-contact/preact';

export const pages = [
  <verify-contact required="perhaps" />, // wrong
  <verify-contact endpoint={7} />, // wrong
  <verify-contact messages={{ 'send-codes': 'Text me' }} />, // wrong
  <verify-contact oncontact-verified={(event) => event.code} />, // wrong
  <two-factor contact="+14155552671" />, // wrong
  <two-factors />, // wrong
];

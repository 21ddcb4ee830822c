/** What must not pass, a line each. */
import { TwoFactor, VerifyContact } from 'verify-contact/react';

export const pages = [
  <verify-contact required="perhaps" />, // wrong
  <verify-contact endpoint={7} />, // wrong
  <verify-contact messages={{ 'send-codes': 'Text me' }} />, // wrong
  <verify-contact oncontact-verified={(event) => event.code} />, // wrong
  <two-factor contact="+14155552671" />, // wrong
  <two-factors />, // wrong
  <VerifyContact endpoint={7} />, // wrong
  <VerifyContact onContactVerified={(event) => event.code} />, // wrong
  <TwoFactor contact="+14155552671" />, // wrong
];

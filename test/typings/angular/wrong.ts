/** What must not pass, a line each. */
import { Component, CUSTOM_ELEMENTS_SCHEMA } from '@angular/core';
import { TwoFactorElementDirective, VerifyContactElementDirective } from 'verify-contact/angular';

@Component({
  selector: 'app-wrong',
  imports: [TwoFactorElementDirective, VerifyContactElementDirective],
  schemas: [CUSTOM_ELEMENTS_SCHEMA],
  template: `
    <verify-contact [required]="'perhaps'" /><!-- wrong -->
    <verify-contact [endpoint]="7" /><!-- wrong -->
    <verify-contact [messages]="{ 'send-codes': 'Text me' }" /><!-- wrong -->
    <verify-contact (contact-verified)="proof = $event.code" /><!-- wrong -->
    <two-factor [token]="7" /><!-- wrong -->
  `,
})
export class WrongComponent {
  proof = '';
}

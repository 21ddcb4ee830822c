/** Both elements in Angular as they are meant. */
import { Component, CUSTOM_ELEMENTS_SCHEMA } from '@angular/core';
import type { ContactVerifiedEvent } from 'verify-contact';
import { TwoFactorElementDirective, VerifyContactElementDirective } from 'verify-contact/angular';

@Component({
  selector: 'app-right',
  imports: [TwoFactorElementDirective, VerifyContactElementDirective],
  schemas: [CUSTOM_ELEMENTS_SCHEMA],
  template: `
    <h1 class="title">Sign up</h1>
    <verify-contact name="proof" type="phone email" required [messages]="words" (contact-verified)="verified($event)" />
    <two-factor endpoint="/verify" [token]="null" (two-factor-verified)="proof = $event.proof" />
  `,
})
export class RightComponent {
  proof = '';
  readonly words = { 'send-code': 'Text me' };
  verified(event: ContactVerifiedEvent): void {
    this.proof = event.proof;
  }
}

/** Both elements in Angular. A template listens to an event by its name in parentheses. */
import { Component, CUSTOM_ELEMENTS_SCHEMA, signal } from '@angular/core';
import type { ContactVerifiedEvent, TwoFactorVerifiedEvent } from 'verify-contact';
import { TwoFactorElementDirective, VerifyContactElementDirective } from 'verify-contact/angular';
import { ModelForm, ReactiveForm } from './library-forms';
import { post, session, type Session } from './shop';

@Component({
  selector: 'shop-app',
  templateUrl: './app.html',
  imports: [ModelForm, ReactiveForm, TwoFactorElementDirective, VerifyContactElementDirective],
  schemas: [CUSTOM_ELEMENTS_SCHEMA],
})
export class App {
  /** The form for signing up that the page's address names. Without a name it is a native form. */
  readonly form = new URLSearchParams(location.search).get('form');
  readonly state = signal<Session | null>(null);
  readonly contact = signal('');
  readonly problem = signal('');

  constructor() {
    void session().then((answer) => this.state.set(answer));
  }

  async send(path: string, fields: FormData | Record<string, string> = {}) {
    try {
      this.state.set(await post(path, fields));
    } catch (error) {
      this.problem.set((error as Error).message);
    }
  }

  submit(path: string, event: Event) {
    event.preventDefault();
    void this.send(path, new FormData(event.currentTarget as HTMLFormElement));
  }

  contactVerified(event: ContactVerifiedEvent) {
    this.contact.set(event.contact?.value ?? '');
  }

  /** The event only says when to act. The server checks the proof and decides what comes next. */
  twoFactorVerified(event: TwoFactorVerifiedEvent) {
    void this.send('/second-factor', { proof: event.proof });
  }
}

/** Signing up with Angular's two kinds of forms, in which the proof is a field like any other: `?form=reactive` and `?form=ng-model`. */
import { Component, CUSTOM_ELEMENTS_SCHEMA, output, signal } from '@angular/core';
import { FormControl, FormGroup, FormsModule, ReactiveFormsModule } from '@angular/forms';
import type { ContactVerifiedEvent } from 'verify-contact';
import { VerifyContactElementDirective } from 'verify-contact/angular';
import { VerifyContactValueAccessor } from 'verify-contact/angular/forms';
import { keepProof, keptProof } from './kept-proof';

@Component({
  selector: 'reactive-form',
  imports: [ReactiveFormsModule, VerifyContactElementDirective, VerifyContactValueAccessor],
  schemas: [CUSTOM_ELEMENTS_SCHEMA],
  template: `
    <form aria-label="Sign up" [formGroup]="form" (ngSubmit)="submit()">
      <h2>Sign up</h2>
      <label>Name <input formControlName="name" autocomplete="username" required /></label>
      <label>Password <input formControlName="password" type="password" autocomplete="new-password" required /></label>
      <verify-contact
        formControlName="proof"
        name="proof"
        type="phone email"
        country="US"
        required
        (contact-verified)="contactVerified($event)"
      ></verify-contact>
      @if (contact()) {
        <output>We will reach you at {{ contact() }}.</output>
      }
      <button>Create account</button>
      <button type="button" (click)="form.controls.proof.reset('')">Start again</button>
    </form>
  `,
})
export class ReactiveForm {
  readonly send = output<Record<string, string>>();
  readonly contact = signal('');
  readonly form = new FormGroup({
    name: new FormControl('', { nonNullable: true }),
    password: new FormControl('', { nonNullable: true }),
    proof: new FormControl<string | null>(keptProof()),
  });

  constructor() {
    this.form.controls.proof.valueChanges.subscribe(keepProof);
  }

  submit() {
    const { proof, ...rest } = this.form.getRawValue();
    this.send.emit({ ...rest, proof: proof ?? '' });
  }

  contactVerified(event: ContactVerifiedEvent) {
    this.contact.set(event.contact?.value ?? '');
  }
}

@Component({
  selector: 'model-form',
  imports: [FormsModule, VerifyContactElementDirective, VerifyContactValueAccessor],
  schemas: [CUSTOM_ELEMENTS_SCHEMA],
  template: `
    <form aria-label="Sign up" (ngSubmit)="submit()">
      <h2>Sign up</h2>
      <label>Name <input name="name" [(ngModel)]="name" autocomplete="username" required /></label>
      <label>
        Password <input name="password" type="password" [(ngModel)]="password" autocomplete="new-password" required />
      </label>
      <verify-contact
        name="proof"
        [ngModel]="proof()"
        (ngModelChange)="changed($event)"
        type="phone email"
        country="US"
        required
        (contact-verified)="contactVerified($event)"
      ></verify-contact>
      @if (contact()) {
        <output>We will reach you at {{ contact() }}.</output>
      }
      <button>Create account</button>
      <button type="button" (click)="changed('')">Start again</button>
    </form>
  `,
})
export class ModelForm {
  readonly send = output<Record<string, string>>();
  readonly contact = signal('');
  readonly proof = signal<string | null>(keptProof());
  name = '';
  password = '';

  changed(proof: string | null) {
    this.proof.set(proof);
    keepProof(proof);
  }

  submit() {
    const { name, password } = this;
    this.send.emit({ name, password, proof: this.proof() ?? '' });
  }

  contactVerified(event: ContactVerifiedEvent) {
    this.contact.set(event.contact?.value ?? '');
  }
}

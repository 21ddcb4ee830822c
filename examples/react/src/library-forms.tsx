/** Signing up with a form library, in which the proof is a field like any other: `?form=react-hook-form` and `?form=tanstack-form`. */
import { useForm as useTanStackForm } from '@tanstack/react-form';
import { useEffect, useState } from 'react';
import { useForm } from 'react-hook-form';
import { VerifyContact } from 'verify-contact/react';
import { keepProof, keptProof } from './kept-proof.js';

interface Props {
  send: (fields: Record<string, string>) => void;
}

const empty = { name: '', password: '', proof: '' };
const start = () => ({ ...empty, proof: keptProof() });

export function HookForm({ send }: Props) {
  const [contact, setContact] = useState('');
  const { register, handleSubmit, reset, watch } = useForm({ defaultValues: start() });
  const proof = watch('proof');
  useEffect(() => keepProof(proof), [proof]);
  return (
    <form aria-label="Sign up" onSubmit={handleSubmit((fields) => send(fields))}>
      <h2>Sign up</h2>
      <label>
        Name <input {...register('name')} autoComplete="username" required />
      </label>
      <label>
        Password <input {...register('password')} type="password" autoComplete="new-password" required />
      </label>
      <VerifyContact
        {...register('proof')}
        type="phone email"
        country="US"
        required
        onContactVerified={(event) => setContact(event.contact?.value ?? '')}
      />
      {contact && <output>We will reach you at {contact}.</output>}
      <button>Create account</button>
      <button type="button" onClick={() => reset(empty)}>
        Start again
      </button>
    </form>
  );
}

export function TanStackForm({ send }: Props) {
  const [contact, setContact] = useState('');
  const form = useTanStackForm({ defaultValues: start(), onSubmit: ({ value }) => send(value) });
  return (
    <form
      aria-label="Sign up"
      onSubmit={(event) => {
        event.preventDefault();
        void form.handleSubmit();
      }}
    >
      <h2>Sign up</h2>
      <form.Field name="name">
        {({ state, handleChange }) => (
          <label>
            Name{' '}
            <input
              value={state.value}
              onChange={(event) => handleChange(event.target.value)}
              autoComplete="username"
              required
            />
          </label>
        )}
      </form.Field>
      <form.Field name="password">
        {({ state, handleChange }) => (
          <label>
            Password{' '}
            <input
              value={state.value}
              onChange={(event) => handleChange(event.target.value)}
              type="password"
              autoComplete="new-password"
              required
            />
          </label>
        )}
      </form.Field>
      <form.Field name="proof" listeners={{ onChange: ({ value }) => keepProof(value) }}>
        {({ state, handleBlur, handleChange }) => (
          <VerifyContact
            name="proof"
            type="phone email"
            country="US"
            required
            value={state.value}
            onChange={({ currentTarget }) => handleChange(currentTarget.value ?? '')}
            onBlur={handleBlur}
            onContactVerified={(event) => setContact(event.contact?.value ?? '')}
          />
        )}
      </form.Field>
      {contact && <output>We will reach you at {contact}.</output>}
      <button>Create account</button>
      <button
        type="button"
        onClick={() => {
          form.reset(empty);
          keepProof('');
        }}
      >
        Start again
      </button>
    </form>
  );
}

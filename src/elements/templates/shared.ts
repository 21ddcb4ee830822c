/** What both elements draw alike: the frame with its live region, the message, the buttons and the whole code step. No state. */
import { html, nothing, type TemplateResult } from 'lit';
import type { CodeStep } from '../../flow/state-machine.js';
import { codeField } from '../fields/code-field.js';
import type { FormControlController } from '../controllers/form-control-controller.js';
import { busyMessages } from '../controllers/announcements.js';

/** Everything an element shows. The live region is there before it is needed (WCAG 4.1.3), and is never taken away. */
export function layout(control: FormControlController, step: unknown): TemplateResult {
  return html`<p class="said" role="status" aria-live="polite" aria-atomic="true">${control.liveMessage}</p>
    <slot name="heading"></slot>
    ${step}`;
}

/** The one line that says what is wrong, under way or done; while there is nothing to say, `otherwise` has its place. */
export function statusLine(control: FormControlController, otherwise?: TemplateResult): TemplateResult | undefined {
  const { problem, statusMessage, localize } = control;
  const doing = busyMessages[control.flow.step.name];
  const text = problem
    ? control.problemText(problem)
    : doing
      ? localize.text(doing)
      : statusMessage && localize.template(statusMessage.key, statusMessage.values);
  if (!text) return otherwise;
  return html`<p id="message" part=${problem ? 'message error' : 'message'} tabindex="-1">${text}</p>`;
}

/** The step's own button. It stays focusable while it waits, and says why it does. */
export function primaryButton(control: FormControlController, label: string, waiting = false): TemplateResult {
  return html`<button
    part="button"
    ?disabled=${control.disabled}
    aria-disabled=${waiting || control.busy || nothing}
    aria-describedby=${waiting ? 'wait' : nothing}
  >
    ${label}
  </button>`;
}

/** What else can be done. */
export function secondaryButton(
  control: FormControlController,
  label: string,
  act: () => void,
  waiting = false,
): TemplateResult {
  return html`<button
    type="button"
    part="link"
    ?disabled=${control.disabled}
    aria-disabled=${waiting || control.busy || nothing}
    aria-describedby=${waiting ? 'wait' : nothing}
    @click=${() => control.userAction(act)}
  >
    ${label}
  </button>`;
}

/** The code step, also while a code is being checked or sent again. */
export function codeStep(
  control: FormControlController,
  { sent, problem }: CodeStep,
  autoSubmit: boolean,
): TemplateResult {
  const { flow, localize } = control;
  const { channel, to, methods, codeLength } = sent.challenge;
  const isExpired = !flow.expiresIn;
  // Only wrong codes make a person wait for the next try; what refuses a send says so beside Resend.
  const waitingAfterWrongCode = flow.retryIn > 0 && /code|attempts/.test(problem?.code ?? '');
  const say = (key: 'retry-wait' | 'resend-wait', when: number) => control.announce(localize.text(key, { when }));
  const isWaiting = (there: string) => there === to && flow.resendIn > 0;
  const resend = (wanted = channel, there = to) =>
    isWaiting(there) ? say('resend-wait', flow.resendIn) : flow.resend(wanted);
  const submit = (event: Event) => {
    event.preventDefault();
    const { value } = (event.currentTarget as HTMLFormElement).querySelector('input')!;
    control.userAction(() =>
      waitingAfterWrongCode ? say('retry-wait', flow.retryIn) : isExpired ? flow.send() : flow.submit(value),
    );
  };
  return html`<form novalidate @submit=${submit}>
    <slot name="description"></slot>
    <p part="hint" id="hint">${localize.template(`code-hint-${channel}`, { to })}</p>
    <label part="label" for="input">${localize.text('code-label')}</label>
    ${codeField({
      length: codeLength,
      invalid: problem !== null,
      busy: control.busy,
      disabled: control.disabled,
      complete: (form) => autoSubmit && !problem && form.requestSubmit(),
    })}
    ${statusLine(control, html`<p part="hint">${localize.text('code-expires', { when: flow.expiresIn })}</p>`)}
    ${primaryButton(control, localize.text(isExpired ? 'send-code' : 'submit-code'), waitingAfterWrongCode)}
    <div class="links">
      ${isExpired ? nothing : secondaryButton(control, localize.text('resend-code'), resend, isWaiting(to))}
      ${methods
        .filter((one) => one.channel !== channel && (control.channels?.includes(one.channel) ?? true))
        .map((one) => {
          const label = localize.text(`switch-${one.channel}`);
          return secondaryButton(control, label, () => resend(one.channel, one.to), isWaiting(one.to));
        })}
      ${sent.entry ? secondaryButton(control, localize.text(`change-${sent.entry.type}`), () => flow.changeContact()) : nothing}
    </div>
    <p part="hint" id="wait">
      ${waitingAfterWrongCode ? localize.text('retry-wait', { when: flow.retryIn }) : nothing}
      ${isWaiting(to) ? localize.text('resend-wait', { when: flow.resendIn }) : nothing}
    </p>
  </form>`;
}

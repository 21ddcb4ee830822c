/** The templates of both elements: the layout with its live region, the status line, the buttons and the code step. No state. */
import { html, nothing, type TemplateResult } from 'lit';
import type { CodeStep } from '../../flow/state-machine.js';
import { codeField } from '../fields/code-field.js';
import type { FormControlController } from '../controllers/form-control-controller.js';
import { busyMessages } from '../controllers/announcements.js';

/** All that an element shows. The live region exists before its first announcement (WCAG 4.1.3) and is never removed. */
export function layout(control: FormControlController, step: unknown): TemplateResult {
  return html`<div>
    <p class="said" role="status" aria-live="polite" aria-atomic="true">${control.liveMessage}</p>
    <slot name="heading"></slot>
    ${step}
  </div>`;
}

/** The line that shows a problem, progress or success. If there is nothing to show, `otherwise` takes its place. */
export function statusLine(control: FormControlController, otherwise?: TemplateResult): TemplateResult | undefined {
  const { statusMessage, localize, flow } = control;
  const { step } = flow;
  // While the main button shows that it is busy, the line stays as it was, so that nothing below it moves.
  const shown = otherwise && 'previous' in step ? step.previous : step;
  const { problem } = shown as Partial<CodeStep>;
  const progress = busyMessages[shown.name];
  const text = problem
    ? control.problemText(problem)
    : progress
      ? localize.text(progress)
      : statusMessage && localize.template(statusMessage.key, statusMessage.values);
  if (!text) return otherwise;
  return html`<p id="message" part=${problem ? 'message error' : 'message'} tabindex="-1">${text}</p>`;
}

/** The main button of a step. While the person has to wait, it stays focusable and says why. */
export function primaryButton(control: FormControlController, label: string, waiting = false): TemplateResult {
  return html`<button
    part="button"
    ?disabled=${control.disabled}
    aria-disabled=${waiting || control.busy || nothing}
    aria-describedby=${waiting ? 'wait' : nothing}
  >
    ${label}${control.busy ? html`<span part="spinner"></span>` : nothing}
  </button>`;
}

/** A button for anything else that the person can do. */
export function secondaryButton(
  control: FormControlController,
  label: unknown,
  action: () => void,
  waiting = false,
): TemplateResult {
  return html`<button
    type="button"
    part="link"
    ?disabled=${control.disabled}
    aria-disabled=${waiting || control.busy || nothing}
    aria-describedby=${waiting ? 'wait' : nothing}
    @click=${() => control.userAction(action)}
  >
    ${label}
  </button>`;
}

/** The code step, also while the code is being checked or sent again. */
export function codeStep(
  control: FormControlController,
  { sent, problem }: CodeStep,
  autoSubmit: boolean,
): TemplateResult {
  const { flow, localize } = control;
  const { channel, to, methods, codeLength } = sent.challenge;
  const isExpired = !flow.expiresIn;
  // Only wrong codes make a person wait before the next try. A wait for another code is shown with Resend.
  const waitingAfterWrongCode = flow.retryIn > 0 && /code|attempts/.test(problem?.code ?? '');
  const announceWait = (key: 'retry-wait' | 'resend-wait', when: number) =>
    control.announce(localize.text(key, { when }));
  const isWaiting = (destination: string) => destination === to && flow.resendIn > 0;
  const resend = (newChannel = channel, destination = to) =>
    isWaiting(destination) ? announceWait('resend-wait', flow.resendIn) : flow.resend(newChannel);
  const submit = (event: Event) => {
    event.preventDefault();
    const { value } = (event.currentTarget as HTMLFormElement).querySelector('input')!;
    control.userAction(() =>
      waitingAfterWrongCode ? announceWait('retry-wait', flow.retryIn) : isExpired ? flow.send() : flow.submit(value),
    );
  };
  return html`<form novalidate @submit=${submit}>
    <slot name="description"></slot>
    <p part="hint" id="hint">${localize.template(`code-hint-${channel}`, { to, n: codeLength })}</p>
    <label part="label" for="input">${localize.text('code-label')}</label>
    ${codeField({
      length: codeLength,
      invalid: problem !== null,
      busy: control.busy,
      disabled: control.disabled,
      complete: (form) => autoSubmit && !problem && form.requestSubmit(),
    })}
    ${statusLine(control, html`<p part="hint expiry">${localize.text('code-expires', { when: flow.expiresIn })}</p>`)}
    ${primaryButton(control, localize.text(isExpired ? 'send-code' : 'submit-code'), waitingAfterWrongCode)}
    <div part="links">
      ${isExpired ? nothing : secondaryButton(control, localize.text('resend-code'), resend, isWaiting(to))}
      ${methods
        .filter((one) => one.channel !== channel && (control.channels?.includes(one.channel) ?? true))
        .map((one) => {
          const label = localize.text(`switch-${one.channel}`);
          return secondaryButton(control, label, () => resend(one.channel, one.to), isWaiting(one.to));
        })}
      ${sent.entry ? secondaryButton(control, localize.text(`change-${sent.entry.type}`), () => flow.changeContact()) : nothing}
    </div>
    <p part="hint wait" id="wait">
      ${waitingAfterWrongCode ? localize.text('retry-wait', { when: flow.retryIn }) : nothing}
      ${isWaiting(to) ? localize.text('resend-wait', { when: flow.resendIn }) : nothing}
    </p>
  </form>`;
}

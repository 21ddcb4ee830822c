/** The templates of both elements: the layout with its live region, the status line, the buttons and the code step. No state. */
import { html, nothing, type TemplateResult } from 'lit';
import { problemOf, shownStep, type CodeStep, type ContactInput, type FlowProblem } from '../../flow/state-machine.js';
import { codeField } from '../fields/code-field.js';
import type { Announcement } from '../controllers/announcements.js';
import type { FormControlController } from '../controllers/form-control-controller.js';

/** All that an element shows. The live region exists before its first announcement (WCAG 4.1.3) and is never removed. */
export function layout(control: FormControlController, step: unknown): TemplateResult {
  return html`<div>
    <p class="said" role="status" aria-live="polite" aria-atomic="true">${control.liveMessage}</p>
    <slot name="heading"></slot>
    ${step}
  </div>`;
}

/** Whether what stands in the field is wrong. Of other problems the field is innocent. */
export const isInvalid = (problem: FlowProblem | null): boolean => /code|contact/.test(problem?.code ?? '');

/**
 * The line that shows a problem, a wait, progress or success. If there is nothing to show, `otherwise` takes its place. Below it
 * is the page's slot for help, unless the person only has to correct the field.
 */
export function statusLine(control: FormControlController, otherwise?: TemplateResult): TemplateResult | undefined {
  const { busy, shownNews, failure, localize, flow } = control;
  // While the main button shows that it is busy, the line stays as it was, so that nothing below it moves.
  const problem = problemOf(shownStep(flow.step));
  const text =
    busy && !otherwise
      ? localize.text('sending')
      : failure || (shownNews && localize.template(shownNews.key, shownNews.values));
  if (!text) return otherwise;
  return html`<p id="message" part=${problem ? 'message error' : 'message'} tabindex="-1">${text}</p>
    ${problem && !isInvalid(problem) ? html`<slot name="unavailable"></slot>` : nothing}`;
}

/**
 * The main button of a step. For `when` seconds it waits: it stays focusable, and says how long. Enter in the field presses it. It
 * does not wait for `submit`, which a sandboxed frame without `allow-forms` never dispatches.
 */
export function primaryButton(
  control: FormControlController,
  label: string,
  action: (event: Event) => void,
  when = 0,
): TemplateResult {
  return html`<button
    part="button"
    @click=${action}
    ?disabled=${control.disabled}
    aria-disabled=${when > 0 || control.busy || nothing}
    aria-describedby=${when ? 'wait message' : nothing}
  >
    ${label}${spinner(control)}
  </button>`;
}

/** The mark of a request in progress, in the button that started it. */
function spinner({ busy, pressedLabel }: FormControlController, label?: unknown): unknown {
  return busy && pressedLabel === label ? html`<span part="spinner"></span>` : nothing;
}

/** A button for anything else that the person can do. For `when` seconds it waits, and says so. */
export function secondaryButton(
  control: FormControlController,
  label: unknown,
  action: () => void,
  when = 0,
  wait: Announcement['key'] = 'resend-wait',
): TemplateResult {
  return html`<button
    type="button"
    part="link"
    ?disabled=${control.disabled}
    aria-disabled=${when > 0 || control.busy || nothing}
    aria-describedby=${when ? 'wait message' : nothing}
    @click=${() => control.userAction(action, when, wait, label)}
  >
    ${label}${spinner(control, label)}
  </button>`;
}

/** Returns to the contact step with the contact in the field. Two-factor has no such step. */
export function changeButton(control: FormControlController, entry: ContactInput | undefined): unknown {
  if (!entry) return nothing;
  return secondaryButton(control, control.localize.text(`change-${entry.type}`), () => control.flow.changeContact());
}

/** The code step, also while the code is being checked or sent again. */
export function codeStep(
  control: FormControlController,
  { sent, problem, checkAt }: CodeStep,
  autoSubmit: boolean,
): TemplateResult {
  const { flow, localize } = control;
  const { channel, to, methods, codeLength } = sent.challenge;
  const isExpired = !flow.expiresIn;
  // Another code waits for its own time, and for that of the next check.
  const submitIn = isExpired ? flow.resendIn : flow.checkIn;
  const resend = (label: Announcement['key'], newChannel = channel, destination = to) =>
    secondaryButton(
      control,
      localize.text(label),
      () => flow.resend(newChannel),
      destination === to ? flow.resendIn : 0,
    );
  const submit = (event: Event) => {
    event.preventDefault();
    const { value } = (event.target as Element).closest('form')!.querySelector('input')!;
    control.userAction(() => (isExpired ? flow.send() : flow.submit(value)), submitIn);
  };
  return html`<form novalidate aria-busy=${control.busy || nothing} @submit=${submit}>
    <slot name="description"></slot>
    <p part="hint" id="hint">${localize.template(`code-hint-${channel}`, { to, n: codeLength })}</p>
    <label part="label" for="input">${localize.text('code-label')}</label>
    ${codeField({
      length: codeLength,
      invalid: isInvalid(problem),
      // Nothing is to be typed once no code is valid.
      busy: control.busy || isExpired,
      disabled: control.disabled,
      edited: (form) => {
        flow.edit();
        if (autoSubmit && !checkAt) form?.querySelector('button')!.click();
      },
    })}
    ${statusLine(control, html``)}
    ${
      isExpired
        ? nothing
        : html`<p part="hint expiry" id="expiry">${localize.text('code-expires', { when: flow.expiresIn })}</p>`
    }
    ${primaryButton(control, localize.text(isExpired ? 'send-code' : 'submit-code'), submit, submitIn)}
    <div part="links">
      ${isExpired ? nothing : resend('resend-code')}
      ${methods
        .filter((one) => one.channel !== channel && (control.channels?.includes(one.channel) ?? true))
        .map((one) => resend(`switch-${one.channel}`, one.channel, one.to))}
      ${changeButton(control, sent.entry)}
    </div>
    ${
      isExpired
        ? nothing
        : html`<p part="hint wait" id="wait">
            ${localize.text(flow.resendIn ? 'resend-wait' : 'resend-ready', { when: flow.resendIn })}
          </p>`
    }
  </form>`;
}

/** What both elements draw alike: the frame with its live region, the message, the buttons and the whole code step. No state. */
import { html, nothing, type TemplateResult } from 'lit';
import type { CodeStep } from '../../flow/state-machine.js';
import { codeField } from '../fields/code-field.js';
import type { FormControlController } from '../controllers/form-control-controller.js';
import { busyMessages } from '../controllers/announcements.js';

/** Everything an element shows. The live region is there before it is needed (WCAG 4.1.3), and is never taken away. */
export function layout(stage: FormControlController, step: unknown): TemplateResult {
  return html`<p class="said" role="status" aria-live="polite" aria-atomic="true">${stage.liveMessage}</p>
    <slot name="heading"></slot>
    ${step}`;
}

/** The one line that says what is wrong, under way or done; while there is nothing to say, `otherwise` has its place. */
export function statusLine(stage: FormControlController, otherwise?: TemplateResult): TemplateResult | undefined {
  const { problem, statusMessage, words } = stage;
  const doing = busyMessages[stage.flow.step.name];
  const text = problem
    ? stage.problemText(problem)
    : doing
      ? words.text(doing)
      : statusMessage && words.template(statusMessage.key, statusMessage.values);
  if (!text) return otherwise;
  return html`<p id="message" part=${problem ? 'message error' : 'message'} tabindex="-1">${text}</p>`;
}

/** The step's own button. It stays focusable while it waits, and says why it does. */
export function primaryButton(stage: FormControlController, label: string, waiting = false): TemplateResult {
  return html`<button
    part="button"
    ?disabled=${stage.disabled}
    aria-disabled=${waiting || stage.busy || nothing}
    aria-describedby=${waiting ? 'wait' : nothing}
  >
    ${label}
  </button>`;
}

/** What else can be done. */
export function secondaryButton(
  stage: FormControlController,
  label: string,
  act: () => void,
  waiting = false,
): TemplateResult {
  return html`<button
    type="button"
    part="link"
    ?disabled=${stage.disabled}
    aria-disabled=${waiting || stage.busy || nothing}
    aria-describedby=${waiting ? 'wait' : nothing}
    @click=${() => stage.userAction(act)}
  >
    ${label}
  </button>`;
}

/** The code step, also while a code is being checked or sent again. */
export function codeStep(
  stage: FormControlController,
  { sent, problem }: CodeStep,
  autoSubmit: boolean,
): TemplateResult {
  const { flow, words } = stage;
  const { channel, to, methods, codeLength } = sent.challenge;
  const isExpired = !flow.expiresIn;
  // Only wrong codes make a person wait for the next try; what refuses a send says so beside Resend.
  const waitingAfterWrongCode = flow.retryIn > 0 && /code|attempts/.test(problem?.code ?? '');
  const say = (key: 'retry-wait' | 'resend-wait', when: number) => stage.announce(words.text(key, { when }));
  const isWaiting = (there: string) => there === to && flow.resendIn > 0;
  const resend = (wanted = channel, there = to) =>
    isWaiting(there) ? say('resend-wait', flow.resendIn) : flow.resend(wanted);
  const submit = (event: Event) => {
    event.preventDefault();
    const { value } = (event.currentTarget as HTMLFormElement).querySelector('input')!;
    stage.userAction(() =>
      waitingAfterWrongCode ? say('retry-wait', flow.retryIn) : isExpired ? flow.send() : flow.submit(value),
    );
  };
  return html`<form novalidate @submit=${submit}>
    <slot name="description"></slot>
    <p part="hint" id="hint">${words.template(`code-hint-${channel}`, { to })}</p>
    <label part="label" for="input">${words.text('code-label')}</label>
    ${codeField({
      length: codeLength,
      invalid: problem !== null,
      busy: stage.busy,
      disabled: stage.disabled,
      complete: (form) => autoSubmit && !problem && form.requestSubmit(),
    })}
    ${statusLine(stage, html`<p part="hint">${words.text('code-expires', { when: flow.expiresIn })}</p>`)}
    ${primaryButton(stage, words.text(isExpired ? 'send-code' : 'submit-code'), waitingAfterWrongCode)}
    <div class="links">
      ${isExpired ? nothing : secondaryButton(stage, words.text('resend-code'), resend, isWaiting(to))}
      ${methods
        .filter((one) => one.channel !== channel && (stage.channels?.includes(one.channel) ?? true))
        .map((one) => {
          const label = words.text(`switch-${one.channel}`);
          return secondaryButton(stage, label, () => resend(one.channel, one.to), isWaiting(one.to));
        })}
      ${sent.entry ? secondaryButton(stage, words.text(`change-${sent.entry.type}`), () => flow.changeContact()) : nothing}
    </div>
    <p part="hint" id="wait">
      ${waitingAfterWrongCode ? words.text('retry-wait', { when: flow.retryIn }) : nothing}
      ${isWaiting(to) ? words.text('resend-wait', { when: flow.resendIn }) : nothing}
    </p>
  </form>`;
}

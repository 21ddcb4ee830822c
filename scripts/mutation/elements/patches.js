/** Sixty changes of the elements, each of which a browser test has to notice. Data only. */

/**
 * @typedef {[file: string, find: string, replacement: string, tests: string]} Patch
 * the file in `src/elements`, a text that it has exactly once, what stands there instead, and the files of `test/browser` that run
 */

const control = 'controllers/form-control-controller.ts';
const localize = 'controllers/localize-controller.ts';
const shared = 'templates/shared.ts';

/** @type {Patch[]} */
export const patches = [
  [control, "this.internals.setFormValue(this.value, '')", 'this.internals.setFormValue(this.value)', 'controls'],
  [control, "this.internals.setFormValue(this.value, '')", "this.internals.setFormValue(null, '')", 'forms'],
  [control, 'this.internals.states.clear();', '', 'controls'],
  [control, 'this.internals.states.add(step.name);', '', 'verify-contact'],
  [control, 'if (step.name !== previous.name) this.#validate();', '', 'controls'],
  [control, 'this.#listenForSmsCode();\n    this.internals', 'this.internals', 'interruptions'],
  [control, 'if (name !== previous.name) dispatch(new Step', 'dispatch(new Step', 'verify-contact'],
  [control, "previous.name === 'resending'));", 'true));', 'verify-contact'],
  [control, '    this.#changed(step);', '', 'verify-contact'],
  [control, "(name === 'verified') !== (previous.name === 'verified')", "name === 'verified'", 'controls'],
  [control, "new Event('change', { bubbles: true })", "new Event('change')", 'forms'],
  [control, 'this.#lastAction = action;', '', 'interruptions'],
  [control, 'text && text === this.liveMessage', 'false', 'announcements'],
  [control, 'this.#customError = message;', '', 'forms'],
  [control, "addEventListener('online', this.#online);\n  }\n\n  hostUpdate", '}\n\n  hostUpdate', 'interruptions'],
  [control, "removeEventListener('online', this.#online);", '', 'controls'],
  [control, 'this.#waitingFor = resendIn ? step.sent : null;', 'this.#waitingFor = step.sent;', 'announcements'],
  [control, 'if (activeElement && activeElement !== this.#host', 'if (false', 'accessibility'],
  [
    control,
    "(this.#input ?? this.#host.shadowRoot!.querySelector<HTMLElement>('[part~=message]'))?.focus",
    'this.#input?.focus',
    'accessibility',
  ],
  [control, 'if (this.problem) this.#input?.select();', '', 'verify-contact'],
  [control, ' && this.#offlineRetry.text === this.#input?.value', '', 'interruptions'],
  [control, '/^code-(sent$|hint)/.test(news.key) ? null : news', 'news', 'controls'],
  [control, '[this.problemText(problem), ...this.#wait(problem)]', '[this.problemText(problem)]', 'controls'],
  [control, 'if (!this.busy && (step.name', 'if ((step.name', 'accessibility'],
  [control, " || step.sent.challenge.channel !== 'sms'", '', 'interruptions'],
  [control, "this.problem?.code === 'proof-expired'", 'false', 'controls'],
  [control, " && step.name !== 'not-required';", ';', 'two-factor'],
  [control, 'host.name || host.id, host.context]', 'host.name || host.id]', 'verify-contact'],
  [control, 'extra: host.extra ?? undefined', 'extra: undefined', 'controls'],
  [control, 'locale: this.localize.pageLanguage.slice(0, 35) || undefined', 'locale: undefined', 'controls'],
  [localize, '?? (node.getRootNode() as Partial<ShadowRoot>).host ?? null', '?? null', 'page'],
  [localize, "this.#observer!.observe(node, { attributeFilter: ['lang'] });", '', 'page'],
  [localize, 'Math.ceil(seconds / size)', 'Math.floor(seconds / size)', 'controls'],
  ['controllers/visibility-controller.ts', "document.visibilityState === 'hidden'", 'false', 'interruptions'],
  ['controllers/visibility-controller.ts', 'entries.at(-1)!.isIntersecting', 'true', 'two-factor'],
  ['controllers/web-otp.ts', 'input.value = found.code;', '', 'interruptions'],
  ['controllers/announcements.ts', "again ? 'code-sent-again' : 'code-sent'", "'code-sent'", 'announcements'],
  ['controllers/announcements.ts', "previous.name === 'starting' ? null :", '', 'announcements'],
  ['form-control-element.ts', 'this.control.disabled = disabled;', '', 'forms'],
  ['form-control-element.ts', 'formResetCallback(): void {\n    this.reset();', 'formResetCallback(): void {', 'forms'],
  ['form-control-element.ts', 'delegatesFocus: true', 'delegatesFocus: false', 'forms'],
  [
    'form-control-element.ts',
    'codeStep(this.control, step, this.autoSubmit)',
    'codeStep(this.control, step, false)',
    'code-field',
  ],
  ['form-control-element.ts', 'this.control.flow.resend();', '', 'controls'],
  ['verify-contact.ts', "this.control.restoredText = '';", '', 'controls'],
  ['verify-contact.ts', 'this.#otherInput = null;', '', 'controls'],
  ['verify-contact.ts', 'this.#otherInput = entry;', '', 'verify-contact'],
  [
    'two-factor.ts',
    'this.visibility.hasBeenVisible && !this.control.disabled',
    'this.visibility.hasBeenVisible',
    'two-factor',
  ],
  [
    'two-factor.ts',
    "if (step.name === 'not-required') this.dispatchEvent(new TwoFactorNotRequiredEvent());",
    '',
    'two-factor',
  ],
  [shared, "/code|attempts/.test(problem?.code ?? '')", 'true', 'controls'],
  [shared, 'flow.retryIn > 0 && /code', 'false && /code', 'controls'],
  [shared, 'destination === to && flow.resendIn > 0', 'flow.resendIn > 0', 'two-factor'],
  [shared, 'isExpired ? flow.send() : flow.submit(value)', 'flow.submit(value)', 'interruptions'],
  [shared, 'autoSubmit && !problem &&', 'autoSubmit &&', 'code-field'],
  [shared, ' && (control.channels?.includes(one.channel) ?? true)', '', 'controls'],
  ['fields/code-input.ts', 'if (event.isComposing) return false;', '', 'code-field'],
  ['fields/code-input.ts', '/^(delete|history)/', '/^history/', 'code-field'],
  ['fields/code-field.ts', 'event.stopPropagation();', '', 'forms'],
  ['fields/phone-input.ts', 'input.setSelectionRange(next.caret, next.caret);', '', 'phone-field'],
  [
    'fields/countries.ts',
    "queueMicrotask(() => select.dispatchEvent(new Event('input', { bubbles: true })));",
    '',
    'phone-field',
  ],
  ['fields/format-phone.ts', "replace(/^00/, '+')", 'trim()', 'phone-field'],
];

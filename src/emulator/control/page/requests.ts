/** The page's requests to the control plane beside it. */

/** What came back: a value, or a sentence that says what is wrong. */
type Answer<Value> = { ok: true; value: Value } | { ok: false; error: string };

const silence = 'The emulator does not answer.';

/** `path` is relative to the page: `outbox?limit=50`. */
export async function requestJson<Value>(method: string, path: string, body?: object): Promise<Answer<Value>> {
  try {
    const content = body === undefined ? {} : { body: JSON.stringify(body) };
    const response = await fetch(path, { method, ...content, signal: AbortSignal.timeout(10_000) });
    const value = (await response.json()) as Value & { error?: string };
    return response.ok ? { ok: true, value } : { ok: false, error: value.error ?? silence };
  } catch {
    return { ok: false, error: silence };
  }
}

/**
 * A client for `FlowController` in React Native, whose `fetch` has no streams and whose `AbortSignal` has no `timeout()`.
 * `endpoint` is absolute. `getToken` returns a bearer token of your own server, or null if nobody is signed in.
 */
export function nativeClient({ endpoint, getToken = () => null, timeout = 30_000 }) {
  async function call(path, body, signal, headers) {
    const controller = new AbortController();
    const abort = () => controller.abort();
    const timer = setTimeout(abort, timeout);
    signal.addEventListener('abort', abort);
    try {
      const token = await getToken();
      const response = await fetch(`${endpoint}/${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }), ...headers },
        body: JSON.stringify(body),
        signal: controller.signal,
      });
      const value = JSON.parse(await response.text());
      // FlowController checks the shape of both.
      return response.ok ? { ok: true, value } : { ok: false, problem: value };
    } catch {
      return { ok: false, problem: { code: 'unreachable' } };
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
    }
  }
  return {
    contact: (body, signal) => call('contact', body, signal),
    twoFactor: (body, signal) => call('two-factor', body, signal),
    resend: (body, signal) => call('resend', body, signal),
    check: (body, key, signal) => call('check', body, signal, { 'idempotency-key': key }),
  };
}

/** Whether a request comes from where the control plane answers: this machine, the allowed hosts, and its own page. */

/**
 * Whether the host is a loopback name, or one that is allowed, and no page of another origin sent the request.
 * The host alone is not enough: a form or an image may send requests across origins without permission.
 */
export function isAllowedRequest(request: Request, url: URL, allowed: ReadonlySet<string>): boolean {
  const host = request.headers.get('host') ?? url.host;
  const name = host.replace(/:\d+$/, '').toLowerCase();
  if (!/^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(name) && !allowed.has(name)) return false;
  const fetchSite = request.headers.get('sec-fetch-site');
  if (fetchSite !== null && fetchSite !== 'same-origin' && fetchSite !== 'none') return false;
  const origin = request.headers.get('origin');
  return origin === null || (URL.canParse(origin) && new URL(origin).host === host);
}

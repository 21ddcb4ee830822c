/** Calls to the application's own server. Only the server decides who is signed in and what they may do. */

export interface Session {
  user: string | null;
  /** False until the session has passed the second factor. */
  signedIn: boolean;
}

export async function session(): Promise<Session> {
  return (await fetch('/session')).json();
}

/** Posts a form, including the proof of its element, and asks the server for the result. */
export async function post(path: string, fields: FormData | Record<string, string>): Promise<Session> {
  const entries = Object.entries(fields instanceof FormData ? Object.fromEntries(fields) : fields);
  const body = new URLSearchParams(entries.map(([name, value]) => [name, String(value)]));
  const response = await fetch(path, { method: 'POST', body });
  if (!response.ok) throw new Error(await response.text());
  return session();
}

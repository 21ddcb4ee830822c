/** The application's own server, as calls. It alone says who is there, and what they may do. */

export interface Session {
  user: string | null;
  /** False as long as the second factor is due. */
  signedIn: boolean;
}

export async function session(): Promise<Session> {
  return (await fetch('/session')).json();
}

/** Posts a form, the proof of its element among the fields, and asks the server what has come of it. */
export async function post(path: string, fields: FormData | Record<string, string>): Promise<Session> {
  const entries = Object.entries(fields instanceof FormData ? Object.fromEntries(fields) : fields);
  const body = new URLSearchParams(entries.map(([name, value]) => [name, String(value)]));
  const response = await fetch(path, { method: 'POST', body });
  if (!response.ok) throw new Error(await response.text());
  return session();
}

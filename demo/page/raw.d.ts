/** What Vite makes of an import with `?raw`: the file as a text. */
declare module '*?raw' {
  const text: string;
  export default text;
}

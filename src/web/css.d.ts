/** A style sheet: its text with the attribute `type: 'text'`, part of the page's style otherwise. */
declare module '*.css' {
  const text: string;
  export default text;
}

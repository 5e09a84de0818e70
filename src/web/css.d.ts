/** A style sheet: its text when imported with `type: 'text'`, otherwise a part of the page's style. */
declare module '*.css' {
  const text: string;
  export default text;
}

/** The converter has no types of its own. */
declare module 'odata-csdl' {
  interface Message {
    readonly message: string;
  }
  const converter: {
    xml2json(xml: string, options?: { readonly messages?: Message[]; readonly strict?: boolean }): object;
  };
  export default converter;
}

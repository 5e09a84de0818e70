/** Actions bound to an entity: what is done to it by POST, without parameters and without a result. */

export interface ActionRow {
  readonly name: string;
  /** It is bound to an entity of this type. */
  readonly boundTo: string;
}

export const actions: readonly ActionRow[] = [
  { name: 'reauthorize', boundTo: 'microsoft.graph.subscription' },
];

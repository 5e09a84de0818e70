/** Actions bound to an entity: called by POST, without parameters or result. */

export interface ActionRow {
  readonly name: string;
  /** Type of the entity that it is bound to. */
  readonly boundTo: string;
}

export const actions: readonly ActionRow[] = [
  { name: 'reauthorize', boundTo: 'microsoft.graph.subscription' },
];

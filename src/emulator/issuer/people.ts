/** Who signs in at the development issuer: one who may see the calls, and one who may not. */
export interface IssuerPerson {
  readonly id: string;
  readonly name: string;
  /** Has the roles that the application has. */
  readonly hasRoles: boolean;
}

export const issuerPeople: readonly IssuerPerson[] = [
  { id: 'developer', name: 'Developer', hasRoles: true },
  { id: 'visitor', name: 'Visitor', hasRoles: false },
];

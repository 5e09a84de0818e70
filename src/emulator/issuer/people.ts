/** The people who can sign in at the development issuer: one may see the calls, the other may not. */
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

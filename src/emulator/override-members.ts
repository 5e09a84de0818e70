/** Returns a view of an object in which some members are replaced; the others are those of the object. */
export function overrideMembers<T extends object>(target: T, members: Partial<T>): T {
  return new Proxy(target, {
    get(original, name) {
      if (Object.hasOwn(members, name)) return members[name as keyof T];
      const member: unknown = Reflect.get(original, name, original);
      return typeof member === 'function' ? (member.bind(original) as unknown) : member;
    },
  });
}

/**
 * What the system query options say, as trees. They are plain data: the parsers give them, the formatters take them, and
 * names in them are the client's, to be looked up in the model by whoever plans the read.
 */

export type LiteralType =
  | 'null'
  | 'boolean'
  | 'integer'
  | 'decimal'
  | 'double'
  | 'string'
  | 'guid'
  | 'date'
  | 'dateTimeOffset'
  | 'timeOfDay'
  | 'duration'
  | 'binary'
  | 'geography'
  | 'geometry';

/** A primitive value in the URL. A duration or an enumeration member without its prefix reads as a string. */
export interface Literal {
  readonly kind: 'literal';
  readonly type: LiteralType;
  /** The value as the client wrote it; without prefix and quotes, and unescaped, where it has them. */
  readonly text: string;
}

/** `Sales.Pattern'Yellow,32'` */
export interface EnumLiteral {
  readonly kind: 'enum';
  readonly type: string;
  readonly text: string;
}

export type ComparisonOperator = 'eq' | 'ne' | 'gt' | 'ge' | 'lt' | 'le' | 'has' | 'in';
export type ArithmeticOperator = 'add' | 'sub' | 'mul' | 'div' | 'divby' | 'mod';
export type BinaryOperator = ComparisonOperator | ArithmeticOperator;

/** `a and b and c`: two operands or more, so that a long chain is a wide tree and not a deep one. */
export interface Logical {
  readonly kind: 'and' | 'or';
  readonly operands: readonly Expression[];
}

export interface Binary {
  readonly kind: 'binary';
  readonly operator: BinaryOperator;
  readonly left: Expression;
  readonly right: Expression;
}

export interface Unary {
  readonly kind: 'not' | 'negate';
  readonly operand: Expression;
}

/** `('a','b')`, literals only: the right side of `in`. */
export interface List {
  readonly kind: 'list';
  readonly items: readonly (Literal | EnumLiteral)[];
}

/** `["a",1]` */
export interface ArrayExpression {
  readonly kind: 'array';
  readonly items: readonly Expression[];
}

/** `{"name":1}` */
export interface ObjectExpression {
  readonly kind: 'object';
  readonly members: readonly NamedExpression[];
}

export interface NamedExpression {
  readonly name: string;
  readonly value: Expression;
}

/** All named or all positional. */
export interface Argument {
  readonly name?: string;
  readonly value: Expression;
}

/** A name with parentheses: a function, or a collection and its key predicate. Only the model tells which. */
export interface Call {
  readonly kind: 'call';
  /** A canonical function is spelled as the specification spells it, whatever the client's letter case. */
  readonly name: string;
  readonly arguments: readonly Argument[];
}

/** `case(when:then,…)` */
export interface Case {
  readonly kind: 'case';
  readonly branches: readonly { readonly when: Expression; readonly then: Expression }[];
}

/** Without an operand it is about `$it`. */
export interface TypeFunction {
  readonly kind: 'cast' | 'isof';
  readonly operand?: Expression;
  /** `Edm.Date`, `Collection(Ns.Type)` */
  readonly type: string;
}

/** Segments from left to right, at least one, and not one call alone: that is a `Call`. */
export interface Path {
  readonly kind: 'path';
  readonly segments: readonly PathSegment[];
}

export type PathSegment =
  /** A property, a range variable or a type cast; with dots it is a cast. */
  | { readonly kind: 'name'; readonly name: string }
  /** `$it`, `$this`, `$root`: only as the first. */
  | { readonly kind: 'it' | 'this' | 'root' }
  /** `@p` as the first: a parameter alias, or an annotation of `$it`. */
  | { readonly kind: 'alias'; readonly name: string }
  | { readonly kind: 'annotation'; readonly name: string; readonly qualifier?: string }
  | Call
  /** A key predicate after `$filter(…)` or after a call. */
  | { readonly kind: 'key'; readonly arguments: readonly Argument[] }
  | { readonly kind: 'filter'; readonly predicate: Expression }
  /** `$count`, the last. */
  | { readonly kind: 'count'; readonly options?: NestedOptions }
  /** `any(v:…)`, `all(v:…)`, the last; only `any` may be without a body. */
  | {
      readonly kind: 'any' | 'all';
      readonly lambda?: { readonly variable: string; readonly predicate: Expression };
    };

export type Expression =
  | Literal
  | EnumLiteral
  | Logical
  | Binary
  | Unary
  | List
  | ArrayExpression
  | ObjectExpression
  | Call
  | Case
  | TypeFunction
  | Path;

export interface OrderByItem {
  readonly expression: Expression;
  readonly direction: 'asc' | 'desc';
}

export type SearchExpression =
  /** One word or one phrase. */
  | { readonly kind: 'term'; readonly text: string }
  | { readonly kind: 'not'; readonly operand: SearchExpression }
  | { readonly kind: 'and' | 'or'; readonly operands: readonly SearchExpression[] };

/** The text in single quotes is what a user has typed so far, and need not be a search expression. */
export type Search = SearchExpression | { readonly kind: 'incomplete'; readonly text: string };

export interface SelectItem {
  /**
   * One name, or a path of names. `*` stands alone or ends a namespace (`Ns.*`); a name may be qualified with dots, and
   * begins with `@` when it is an annotation's.
   */
  readonly path: readonly string[];
  /** Parameter names that tell overloads of a function apart. */
  readonly parameters?: readonly string[];
  readonly options?: NestedOptions;
}

export interface ExpandItem {
  /** As in `$select`; `*` may also be the last of several, and `$value` may stand alone. */
  readonly path: readonly string[];
  /** `ref` when the path ended in `/$ref`, `count` for `/$count`; neither is in `path`. */
  readonly kind: 'entities' | 'ref' | 'count';
  readonly options: NestedOptions;
}

/** Options in the parentheses of `$select`, `$expand` and the segment `$count`. */
export interface NestedOptions {
  readonly select?: readonly SelectItem[];
  readonly expand?: readonly ExpandItem[];
  readonly filter?: Expression;
  readonly orderby?: readonly OrderByItem[];
  readonly top?: number;
  readonly skip?: number;
  readonly count?: boolean;
  readonly search?: Search;
  readonly levels?: number | 'max';
  /** The text as it stands, its quotes and parentheses in pairs. */
  readonly compute?: string;
  readonly apply?: string;
  /** `@name=value`, in the order given. */
  readonly aliases?: readonly NamedExpression[];
}

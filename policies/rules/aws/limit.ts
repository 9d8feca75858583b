/** The minimum and the maximum. Null means no limit. */
export type Span = [number | null, number | null];

/** The limits of a value. */
export interface Bound {
  pattern?: string;
  values?: string[];
  /** In characters. */
  length?: Span;
  range?: Span;
  /** The number of entries of a list or a map. */
  count?: Span;
  /** An error must not repeat the value. */
  secret?: boolean;
}

/** What AWS's models publish about a parameter. */
export interface Limit extends Bound {
  /** The API operation, or the CloudFormation type. */
  from: string;
  /** The model's name for it. */
  shape: string;
  /** A pattern in the model that JavaScript cannot express. */
  dropped?: string;
  /** The keys of a map. */
  keys?: Limit;
  properties?: Record<string, Limit>;
  /** Properties that AWS requires but the provider does not. */
  required?: string[];
}

/** A resource's properties, as far as AWS's models describe them. */
export interface LimitedType {
  /** The model's name. */
  service: string;
  /** How many properties correspond to an AWS parameter, described or not. */
  parameters: number;
  /** The paths of properties that only the provider has. */
  own: string[];
  properties: Record<string, Limit>;
}

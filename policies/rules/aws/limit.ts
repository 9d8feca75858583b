/** The least and the most; null where there is none. */
export type Span = [number | null, number | null];

/** What a value may be. */
export interface Bound {
  pattern?: string;
  values?: string[];
  /** In characters. */
  length?: Span;
  range?: Span;
  /** Of a list's or a map's entries. */
  count?: Span;
  /** Not to be repeated in an error. */
  secret?: boolean;
}

/** What AWS publishes of a parameter in its models. */
export interface Limit extends Bound {
  /** The operation of its API, or the type of CloudFormation's. */
  from: string;
  /** The model's name for it. */
  shape: string;
  /** A pattern in the model that JavaScript cannot say. */
  dropped?: string;
  /** Of a map. */
  keys?: Limit;
  properties?: Record<string, Limit>;
  /** Properties that AWS asks for and the provider does not. */
  required?: string[];
}

/** A resource's properties as far as AWS's models say anything of them. */
export interface LimitedType {
  /** As its model is called. */
  service: string;
  /** How many properties stand for a parameter of AWS's, whether anything is said of it or not. */
  parameters: number;
  /** By their paths: the provider's own. */
  own: string[];
  properties: Record<string, Limit>;
}

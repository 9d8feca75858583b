/** How a resource's properties are found among the parameters of AWS's API. */
export interface Counterpart {
  /** The service as its model is called. */
  service: string;
  /** Where its parameters are: `Operation`, or `Operation/Member` for a structure inside of what the operation takes. */
  at: string[];
  /** The same resource for CloudFormation, whose schema says some limits that the model leaves out. */
  cloudFormation?: string;
  /** Properties under another name, by their paths; `a.b` is b inside a. */
  renamed?: Record<string, string>;
}

/** How to find a resource's properties among the parameters of AWS's API. */
export interface Counterpart {
  /** The service, by its model's name. */
  service: string;
  /** Where its parameters are: `Operation`, or `Operation/Member` for a structure inside the operation's input. */
  at: string[];
  /** The same resource in CloudFormation, whose schema has some limits that the model lacks. */
  cloudFormation?: string;
  /** Properties with another name, by path; `a.b` is b inside a. */
  renamed?: Record<string, string>;
}

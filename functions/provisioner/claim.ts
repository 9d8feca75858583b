/** A name of a team's own that a project has taken, and how far it has come with its certificate. */
export interface Claim {
  domain: string;
  /** The project that has it. */
  id: string;
  /** The business unit that has it, for a while longer than its project. */
  holder: string;
  /** When it was taken. */
  at: string;
  due: string;
  certificateArn?: string;
  /** When the certificate was asked for. */
  askedAt?: string;
  /** Its team knows which records to enter. */
  told?: boolean;
  /** Its team knows that the certificate cannot be renewed. */
  warned?: boolean;
  /** The certificate was issued once, so that the name has been shown to be the team's. */
  proven?: boolean;
  /** The project's stack has been led on to it. */
  tried?: boolean;
}

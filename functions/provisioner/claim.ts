/** A custom domain name that a project has taken, and the progress of its certificate. */
export interface Claim {
  domain: string;
  /** The project that holds it. */
  id: string;
  /** The business unit that holds it, for a while longer than its project. */
  holder: string;
  /** When it was taken. */
  at: string;
  due: string;
  certificateArn?: string;
  /** When the certificate was asked for. */
  askedAt?: string;
  /** Its team has been told which records to enter. */
  told?: boolean;
  /** Its team has been told that the certificate cannot be renewed. */
  warned?: boolean;
  /** The certificate was issued once, which proves that the name is the team's. */
  proven?: boolean;
  /** The project's stack has been updated to use it. */
  tried?: boolean;
}

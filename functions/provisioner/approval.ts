import { failed } from "./journal";
import { Project, Result } from "./project";

/** What a decision means for the machine. */
export const verdictOf = ({ verdict, comment }: NonNullable<Project["decision"]>): Result =>
  verdict === "approve"
    ? { ok: true }
    : failed("rejected", comment ? `Rejected: ${comment}` : "Rejected by an admin.");

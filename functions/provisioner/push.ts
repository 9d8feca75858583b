import { createHmac, hash, timingSafeEqual } from "node:crypto";
import { ApiRequest, headerOf } from "../shared/http";
import { parsed } from "./body";

/** A commit that a branch now points to, or none if the branch is gone. */
export interface Push {
  branch: string;
  commit?: string;
}

/** What a delivery means: something to build, or why there is nothing to do. */
export type Told = Push | { ignored: string } | { wrong: string };

/** Whether the sender of a delivery knows the secret: GitHub signs the body with it, GitLab sends it along. */
export function isSigned(request: ApiRequest, secret: string): boolean {
  const signature = headerOf(request, "X-Hub-Signature-256");
  if (signature !== undefined) {
    const mac = createHmac("sha256", secret).update(request.body ?? "");
    return same(signature, `sha256=${mac.digest("hex")}`);
  }
  return same(headerOf(request, "X-Gitlab-Token") ?? "", secret);
}

/** In constant time for any input: the digests have equal length. */
const same = (sent: string, right: string) =>
  timingSafeEqual(hash("sha256", sent, "buffer"), hash("sha256", right, "buffer"));

const PUSHES = ["push", "Push Hook"];
const BRANCH = "refs/heads/";

/** Reads a delivery from GitHub, from GitLab, or from a host that sends the same format. */
export function pushIn(request: ApiRequest): Told {
  const event = headerOf(request, "X-GitHub-Event") ?? headerOf(request, "X-Gitlab-Event") ?? "";
  if (!PUSHES.includes(event)) return { ignored: `the event ${named(event)}: only a push is built` };
  const { ref, after, deleted } = contentOf(request) ?? {};
  if (typeof ref !== "string" || typeof after !== "string")
    return { wrong: "The body must be a push as GitHub or GitLab sends it, with ref and after." };
  if (!ref.startsWith(BRANCH)) return { ignored: `a push of ${named(ref)}: only branches are built` };
  const branch = ref.slice(BRANCH.length);
  if (deleted === true || /^0+$/.test(after)) return { branch };
  if (!/^([0-9a-f]{40}|[0-9a-f]{64})$/.test(after))
    return { wrong: "after must be a commit's full hash, got something else." };
  return { branch, commit: after };
}

/** GitHub sends JSON, or by default puts it into the single field of a form. */
function contentOf(request: ApiRequest) {
  const isForm = headerOf(request, "Content-Type")?.startsWith("application/x-www-form-urlencoded");
  return parsed(isForm ? new URLSearchParams(request.body ?? "").get("payload") : request.body);
}

/** A name chosen by somebody else, made safe to show. */
export const named = (text: string) => text.replace(/[^\w./ -]/g, "?").slice(0, 100) || "without a name";

import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { StepPorts } from "../ports";
import type { Secrets } from "../project";
import { read } from "./secrets";

const SECONDS = 5;

/**
 * GitHub's commit statuses. The token is read for the one call, and only when there is a commit to tell of.
 * @param base where GitHub's API answers, which is another place in tests only
 */
export const commitsOn =
  (client: SecretsManagerClient, base = "https://api.github.com"): StepPorts["showCommit"] =>
  async (secretArn, { repository, commit, state, description, target, context }) => {
    const { accessToken } = await read<Secrets>(client, secretArn);
    if (!accessToken) return;
    const response = await fetch(`${base}/repos/${repository}/statuses/${commit}`, {
      method: "POST",
      redirect: "error",
      signal: AbortSignal.timeout(SECONDS * 1_000),
      headers: {
        Accept: "application/vnd.github+json",
        Authorization: `Bearer ${accessToken}`,
        "Content-Type": "application/json",
        "User-Agent": "groundwork",
        "X-GitHub-Api-Version": "2022-11-28",
      },
      body: JSON.stringify({ state, description, target_url: target, context }),
    });
    await response.body?.cancel();
    if (!response.ok) throw new Error(`GitHub answers ${response.status} to the status of a commit`);
  };

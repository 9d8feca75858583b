import * as fs from "node:fs";
import * as path from "node:path";
import { Endpoints } from "../emulators/endpoints";
import { Use } from "../engine/clients";
import { Problem } from "../problem";
import { BuildSpec } from "./buildspec";
import { CHANNEL } from "./enclosure";
import { BuildProject } from "./project";
import { secretValue } from "./secrets";

export interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken: string;
}

/** The variables of a project and its buildspec. @param hide is told each line of a secret, because a log is read line by line */
export async function variablesOf(
  { variables }: BuildProject,
  spec: BuildSpec,
  use: Use,
  hide: (line: string) => void,
): Promise<Record<string, string>> {
  const secret = async (reference: string) => {
    const value = await secretValue(use, reference);
    value.split("\n").forEach(hide);
    return value;
  };
  const values: Record<string, string> = { ...spec.variables };
  for (const { name, value, type } of variables) {
    if (type !== "PLAINTEXT" && type !== "SECRETS_MANAGER")
      throw new Problem(`The sandbox gives builds no variable of the type ${type}: ${name} is one.`);
    values[name] = type === "PLAINTEXT" ? value : await secret(value);
  }
  for (const [name, reference] of Object.entries(spec.secrets)) values[name] = await secret(reference);
  return values;
}

interface Machine {
  id: string;
  arn: string;
  folder: string;
  credentials: Credentials;
  endpoints: Endpoints;
  /** Whether there is one for its images. */
  docker: boolean;
}

/** What a build's machine itself sets: nothing of the person's own environment except where programs are. */
export function environmentOf({
  id,
  arn,
  folder,
  credentials,
  endpoints,
  docker,
}: Machine): Record<string, string> {
  return {
    PATH: [path.join(folder, "bin"), path.dirname(process.execPath), process.env["PATH"]].join(
      path.delimiter,
    ),
    HOME: path.join(folder, "home"),
    TMPDIR: path.join(folder, "tmp"),
    LANG: "C.UTF-8",
    CI: "true",
    CODEBUILD_BUILD_ID: id,
    CODEBUILD_BUILD_ARN: arn,
    CODEBUILD_SRC_DIR: path.join(folder, "src"),
    ...(docker && { GROUNDWORK_DOCKER: String(CHANNEL) }),
    AWS_ENDPOINT_URL: endpoints.ministack,
    AWS_REGION: endpoints.region,
    AWS_DEFAULT_REGION: endpoints.region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: credentials.sessionToken,
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_CONFIG_FILE: "/dev/null",
    AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_TERMINAL_PROMPT: "0",
    PYTHONDONTWRITEBYTECODE: "1",
  };
}

/** Name files of authorities that a person trusts beside the public ones, as behind a proxy that opens TLS. They hold no secret. */
const TRUST = ["NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE", "PIP_CERT"];

/** The same authorities for a build, as copies in its folder: it may not see where the person has them. */
export function trustedIn(folder: string): Record<string, string> {
  const files = TRUST.map((name) => [name, process.env[name] ?? ""] as const);
  return Object.fromEntries(
    files
      .filter(([, file]) => fs.statSync(file, { throwIfNoEntry: false })?.isFile())
      .map(([name, file]) => {
        const copy = path.join(folder, `${name}.pem`);
        fs.copyFileSync(file, copy);
        return [name, copy];
      }),
  );
}

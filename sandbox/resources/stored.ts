import { createHash } from "node:crypto";
import { Request, Table } from "../engine/types";

/**
 * Types that no emulator supports: the program gets an id and continues, and nothing exists behind it. Each
 * says why; docs/sandbox.md repeats them, so that nobody takes a green sandbox as proof of these.
 */
export const STORED_ONLY: Record<string, string> = {
  "codestarconnections/Connection": "no emulator has the service, and a person completes it in AWS's console",
  "imagebuilder/Component": "no emulator has EC2 Image Builder",
  "imagebuilder/ImageRecipe": "no emulator has EC2 Image Builder",
  "imagebuilder/InfrastructureConfiguration": "no emulator has EC2 Image Builder",
  "imagebuilder/DistributionConfiguration": "no emulator has EC2 Image Builder",
  "imagebuilder/ImagePipeline": "no emulator has EC2 Image Builder",
  "lambda/Invocation":
    "no emulator has what the function works on: machine images to delete, an RDS database to create a user in, an image to build with Docker",
  "efs/BackupPolicy": "moto accepts it only when the file system is created",
  "guardduty/MalwareProtectionPlan": "no emulator scans objects",
  "accessanalyzer/Analyzer": "no emulator has IAM Access Analyzer",
  "s3/AccountPublicAccessBlock": "MiniStack has this block per bucket, not per account",
  "ebs/SnapshotBlockPublicAccess": "no emulator has the account's block on shared snapshots",
  "ec2/InstanceMetadataDefaults": "moto does not keep the account's defaults",
  "cognito/RiskConfiguration": "MiniStack does not assess the risk of a sign-in",
  "ssm/Document": "MiniStack has no documents",
};

export const stored: Table = Object.fromEntries(Object.keys(STORED_ONLY).map((type) => [type, store]));

/** A service's name in ARNs, if Pulumi's module has another. */
const SPELLED: Record<string, string> = {
  accessanalyzer: "access-analyzer",
  codestarconnections: "codestar-connections",
};

async function store(r: Request) {
  const [, service, , kind] = /^aws:([^/]+)\/([^:]+):(\w+)$/.exec(r.type) ?? [];
  const id = createHash("sha256").update(`${r.type} ${r.name}`).digest("hex").slice(0, 12);
  return {
    id,
    outputs: {
      name: r.inputs["name"] ?? r.physicalName(),
      arn: r.arn(SPELLED[service!] ?? service!, `${kind?.toLowerCase()}/${id}`),
      // Of an image that nobody pulls: servers run the web app's own bundle here.
      ...(kind === "Invocation" && { result: JSON.stringify({ digest: `sha256:${"0".repeat(64)}` }) }),
    },
  };
}

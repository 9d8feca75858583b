import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { fill } from "../shared/options";
import { allow, policyDocument, Statement } from "../shared/permissions";
import { problemsOf } from "../shared/refusals";
import { GithubOidcArgs, githubOidcOptions, repository } from "./args";
import { GITHUB_ISSUER, githubProvider } from "./github-provider";

/** The names in .github/workflows. */
const ENVIRONMENTS = ["preview", "drift"];

/**
 * Lets one repository's GitHub workflows preview the stacks, with short-lived tokens instead of keys. Costs nothing.
 * The role reads configuration, not contents. It has no write permissions, so it can neither deploy nor break anything.
 */
export class GithubOidc extends pulumi.ComponentResource {
  readonly previewRoleArn: pulumi.Output<string>;

  constructor(name: string, args: GithubOidcArgs, opts?: pulumi.ComponentResourceOptions) {
    fill("GithubOidc", name, githubOidcOptions, args, ({ repository: value }) => {
      const { success, error } = repository.safeParse(value);
      return success ? [] : problemsOf(error, value, "repository");
    });
    super("groundwork:index:GithubOidc", name, {}, opts);
    const parent = { parent: this };
    const provider = args.providerArn ?? githubProvider(name, { ...parent, dependsOn: opts?.dependsOn });
    const role = new aws.iam.Role(
      name,
      { assumeRolePolicy: trust(provider, args), maxSessionDuration: 3_600 },
      parent,
    );
    new aws.iam.RolePolicyAttachment(
      name,
      // AWS's own policy, because a preview reads any kind of resource that the program may have tomorrow.
      { role: role.name, policyArn: "arn:aws:iam::aws:policy/ReadOnlyAccess" },
      parent,
    );
    new aws.iam.RolePolicy(
      name,
      {
        role: role.name,
        policy: policyDocument([NOT_CONTENTS, notObjects(args), ...statePermissions(args)]),
      },
      parent,
    );
    this.previewRoleArn = role.arn;
    this.registerOutputs({ previewRoleArn: this.previewRoleArn });
  }
}

/**
 * No wildcard: a token from another repository, or from a job outside these environments, has another subject. GitHub decides who
 * gets into them: one requires reviewers, the other the main branch.
 */
function trust(provider: pulumi.Input<string>, { repository }: GithubOidcArgs) {
  return policyDocument([
    {
      Effect: "Allow",
      Action: "sts:AssumeRoleWithWebIdentity",
      Principal: { Federated: provider },
      Condition: {
        StringEquals: {
          [`${GITHUB_ISSUER}:aud`]: "sts.amazonaws.com",
          [`${GITHUB_ISSUER}:sub`]: ENVIRONMENTS.map((name) => `repo:${repository}:environment:${name}`),
        },
      },
    },
  ]);
}

/** A job in this environment runs a pull request's code with this role, so the role must not reach any data. */
const NOT_CONTENTS: Statement = {
  Sid: "NotWhatIsInside",
  Effect: "Deny",
  Action: [
    "athena:GetQueryResults",
    "dynamodb:BatchGetItem",
    "dynamodb:GetItem",
    "dynamodb:GetRecords",
    "dynamodb:PartiQLSelect",
    "dynamodb:Query",
    "dynamodb:Scan",
    "ecr:GetDownloadUrlForLayer",
    "kinesis:GetRecords",
    "logs:FilterLogEvents",
    "logs:GetLogEvents",
    "logs:GetQueryResults",
    "logs:StartLiveTail",
    "logs:StartQuery",
    "rds-data:ExecuteStatement",
    "secretsmanager:BatchGetSecretValue",
    "secretsmanager:GetSecretValue",
    "sqs:ReceiveMessage",
  ],
  Resource: "*", // * because a refusal must also hold for resources created later
};

/** A refresh calls HeadObject for each object that the program declares, and S3 treats that as s3:GetObject. */
function notObjects({ stateBucketArn, ownFiles = [] }: GithubOidcArgs): Statement {
  const readable = [
    ...(stateBucketArn ? [pulumi.interpolate`${stateBucketArn}/*`] : []),
    ...ownFiles.map((bucket) => `arn:aws:s3:::${bucket}/*`),
  ];
  return {
    Sid: "NotObjects",
    Effect: "Deny",
    Action: ["s3:GetObject", "s3:GetObjectVersion"],
    ...(readable.length > 0 ? { NotResource: readable } : { Resource: "*" }), // * because a refusal must also hold for resources created later
  };
}

function statePermissions({ stateBucketArn, stateKeyArn }: GithubOidcArgs): Statement[] {
  return [
    ...(stateBucketArn
      ? [
          allow(["s3:GetObject"], pulumi.interpolate`${stateBucketArn}/*`),
          allow(["s3:GetBucketLocation", "s3:ListBucket"], stateBucketArn),
        ]
      : []),
    // Without kms:ViaService: Pulumi calls KMS itself to decrypt the secrets in the state.
    ...(stateKeyArn ? [allow(["kms:Decrypt"], stateKeyArn)] : []),
  ];
}

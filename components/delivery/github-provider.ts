import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

export const GITHUB_ISSUER = "token.actions.githubusercontent.com";

/** Lets roles of the account trust GitHub's tokens. AWS refuses a second provider with the same address. */
export const githubProvider = (name: string, opts: pulumi.CustomResourceOptions): pulumi.Output<string> =>
  new aws.iam.OpenIdConnectProvider(
    name,
    { url: `https://${GITHUB_ISSUER}`, clientIdLists: ["sts.amazonaws.com"] },
    opts,
  ).arn;

import { EC2Client } from "@aws-sdk/client-ec2";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { fromEnvironment } from "../../functions/shared/environment";
import { ec2Images } from "../../functions/web/ec2-images";
import type { OldImagesEnvironment } from "../../functions/web/environment";
import { clearOldImages, ImagesEvent } from "../../functions/web/old-images";
import { here } from "../shared/here";
import { InputsOf, Lambda } from "../shared/lambda";
import { lambdaRule } from "../shared/lambda-rule";
import { allow } from "../shared/permissions";

/** With this tag, a stack recognises its own machine images. */
export const IMAGE_TAG = "groundwork:machine-image";
/** The image that servers start from, and two to go back to. */
const KEPT = 3;

export interface OldImagesArgs {
  /** The tag's value. */
  value: string;
  /** The start of the images' ARNs in Image Builder. */
  arnPrefix: pulumi.Input<string>;
  logRetentionDays: number;
}

/**
 * Makes a function delete old machine images and their snapshots: all but the newest ones after each build, and all of them with the
 * stack. Image Builder's own lifecycle policies know only the images of one recipe version, and are deleted before the images.
 */
export function oldImages(name: string, args: OldImagesArgs, parent: { parent: pulumi.Resource }): void {
  const { region } = here(parent);
  const lambda = new Lambda(
    name,
    {
      callback: clear,
      environment: {
        TAG: IMAGE_TAG,
        VALUE: args.value,
        KEPT: String(KEPT),
      } satisfies InputsOf<OldImagesEnvironment>,
      permissions: [
        allow(["ec2:DescribeImages"], "*"), // * because EC2's describe calls have no resource-level permission
        allow(["ec2:DeregisterImage"], pulumi.interpolate`arn:aws:ec2:${region}::image/*`, {
          StringEquals: { [`aws:ResourceTag/${IMAGE_TAG}`]: args.value },
        }),
        // Image Builder tags the snapshots itself, and with none of our tags.
        allow(["ec2:DeleteSnapshot"], pulumi.interpolate`arn:aws:ec2:${region}::snapshot/*`, {
          StringEquals: { "aws:ResourceTag/CreatedBy": "EC2 Image Builder" },
        }),
      ],
      timeoutSeconds: 300,
      logRetentionDays: args.logRetentionDays,
    },
    parent,
  );
  lambdaRule(
    name,
    lambda,
    {
      description: "A new machine image is there",
      eventPattern: pulumi.jsonStringify({
        source: ["aws.imagebuilder"],
        "detail-type": ["EC2 Image Builder Image State Change"],
        resources: [{ prefix: args.arnPrefix }],
        detail: { state: { status: ["AVAILABLE"] } },
      }),
    },
    parent,
  );
  new aws.lambda.Invocation(
    name,
    { functionName: lambda.functionName, input: "{}", lifecycleScope: "CRUD" },
    // When the stack is destroyed, the function runs before its role loses any permission.
    { ...parent, dependsOn: lambda },
  );
}

const clear = async (event: ImagesEvent) => {
  const given = fromEnvironment<OldImagesEnvironment>;
  const images = ec2Images(new EC2Client({}), given("TAG"), given("VALUE"));
  return clearOldImages(event, images, Number(given("KEPT")));
};

import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { here } from "../shared/here";
import { PrivateBucket } from "../shared/private-bucket";

export const TEMPLATES = ["static", "server", "database"] as const;

/** The CloudFormation templates in a bucket of their own. Each name changes with the template's text. */
export function uploadTemplates(name: string, parent: { parent: pulumi.Resource }) {
  const bucket = new PrivateBucket(`${name}-templates`, { keepData: false }, parent);
  const { region } = here(parent);
  const urls = TEMPLATES.map((template) => {
    const source = path.join(__dirname, "templates", `${template}.yaml`);
    const text = fs.readFileSync(source, "utf8");
    const key = `${template}-${createHash("sha256").update(text).digest("hex").slice(0, 12)}.yaml`;
    const object = new aws.s3.BucketObjectv2(
      `${name}-template-${template}`,
      {
        bucket: bucket.bucketName,
        key,
        source: new pulumi.asset.FileAsset(source),
        contentType: "application/yaml",
      },
      { ...parent, dependsOn: bucket.ready },
    );
    return [
      template,
      pulumi.interpolate`https://s3.${region}.amazonaws.com/${bucket.bucketName}/${object.key}`,
    ];
  });
  return {
    bucketArn: bucket.bucketArn,
    urls: Object.fromEntries(urls) as Record<(typeof TEMPLATES)[number], pulumi.Output<string>>,
  };
}

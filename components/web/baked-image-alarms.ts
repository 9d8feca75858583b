import * as pulumi from "@pulumi/pulumi";
import { Monitoring } from "../shared/monitoring";

/** What Image Builder reports about its builds. After a failure, servers keep using the previous image, which grows old unnoticed. */
export const bakedImageMonitoring = (imageArnPrefix: pulumi.Input<string>): Monitoring => ({
  events: {
    "web-image-failed": {
      description:
        "The web servers' machine image could not be built: new servers start from the previous one; read the image's log group",
      pattern: {
        source: ["aws.imagebuilder"],
        "detail-type": ["EC2 Image Builder Image State Change"],
        resources: [{ prefix: imageArnPrefix }],
        detail: { state: { status: ["FAILED"] } },
      },
    },
  },
});

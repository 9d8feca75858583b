import {
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { Visitors } from "../ports";

/** A server that is being removed says nothing about the release. */
export function healthIn(client: ElasticLoadBalancingV2Client): Visitors["healthy"] {
  return async (TargetGroupArn) => {
    const { TargetHealthDescriptions = [] } = await client.send(
      new DescribeTargetHealthCommand({ TargetGroupArn }),
    );
    const states = TargetHealthDescriptions.map(({ TargetHealth }) => TargetHealth?.State);
    const staying = states.filter((state) => state !== "draining");
    return staying.length > 0 && staying.every((state) => state === "healthy");
  };
}

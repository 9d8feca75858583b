import type { Declared } from "../../declared";
import { ofType, Rules } from "../rule";
import type { Basis } from "./documented";

/** A limit on how many resources one place may have. The place is named by one of their properties, or is the account. */
interface Place {
  type: string;
  of?: string;
  most: number;
  page: string;
  basis: Basis;
}

const DOCS = "https://docs.aws.amazon.com";
const GROUPS = `${DOCS}/vpc/latest/userguide/amazon-vpc-limits.html`;
const LOGS = `${DOCS}/AmazonCloudWatchLogs/latest/logs/cloudwatch_limits_cwl.html`;
const known = (type: string, of: string | undefined, most: number, page: string): Place => ({
  type,
  of,
  most,
  page,
  basis: "knowledge",
});

/** AWS's default quotas of an account. */
export const PLACES: Place[] = [
  known("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "securityGroupId", 60, GROUPS),
  known("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", "securityGroupId", 60, GROUPS),
  known(
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    "role",
    10,
    `${DOCS}/IAM/latest/UserGuide/reference_iam-quotas.html`,
  ),
  known(
    "aws:cloudwatch/eventTarget:EventTarget",
    "rule",
    5,
    `${DOCS}/eventbridge/latest/userguide/eb-quota.html`,
  ),
  known("aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter", "logGroup", 2, LOGS),
  known("aws:cloudwatch/logMetricFilter:LogMetricFilter", "logGroupName", 100, LOGS),
  known("aws:cloudwatch/logResourcePolicy:LogResourcePolicy", undefined, 10, LOGS),
];

export const countRules: Rules = {
  "puts no more into one place than AWS allows": (view) =>
    PLACES.flatMap(({ type, of, most, page }) =>
      [...placesOf(ofType(view, type), of)]
        .filter(([, resources]) => resources.length > most)
        .map(
          ([place, resources]) =>
            `${place} has ${resources.length} of ${type}, where AWS allows ${most} (${page})`,
        ),
    ),
};

function placesOf(resources: Declared[], of: string | undefined): Map<string, Declared[]> {
  const places = new Map<string, Declared[]>();
  for (const resource of resources) {
    const place = of ? String(resource.inputs[of]) : "the account";
    places.set(place, [...(places.get(place) ?? []), resource]);
  }
  return places;
}

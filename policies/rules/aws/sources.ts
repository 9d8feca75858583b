import { PLACES } from "./counts";
import { Basis, DOCUMENTED, Documented, OF_TAGS } from "./documented";
import { DOCUMENTS } from "./sizes";
import type { Source } from "./source";
import { SOURCES_OF_COMBINATIONS } from "./sources-of-combinations";

const DOCS = "https://docs.aws.amazon.com";
const pages = (lines: { page: string }[]) => [...new Set(lines.map(({ page }) => page))].sort();
const bases = (lines: { basis: Basis }[]) => [...new Set(lines.map(({ basis }) => basis))].sort();

/** All entries written by hand, including nested ones. */
export const linesOf = (properties: Record<string, Documented>): Documented[] =>
  Object.values(properties).flatMap((line) => [line, ...linesOf(line.properties ?? {})]);

const lines = [...Object.values(DOCUMENTED).flatMap(linesOf), OF_TAGS];
const documents = Object.values(DOCUMENTS).flat();

/** The source of each rule about what AWS refuses. None of them was tested in an account. */
export const SOURCES: Record<string, Source> = {
  "gives each parameter a value that AWS accepts": {
    basis: bases(lines),
    types: [], // All types of published.json, and all with tags.
    pages: pages(lines),
  },
  "writes no document longer than AWS accepts": {
    basis: bases(documents),
    types: Object.keys(DOCUMENTS),
    pages: pages(documents),
  },
  "puts no more into one place than AWS allows": {
    basis: bases(PLACES),
    types: PLACES.map(({ type }) => type),
    pages: pages(PLACES),
  },
  "asks RDS only for what the engine and instance class support": {
    basis: ["documentation", "knowledge"],
    types: [
      "aws:rds/instance:Instance",
      "aws:rds/cluster:Cluster",
      "aws:rds/clusterInstance:ClusterInstance",
    ],
    pages: [
      `${DOCS}/AmazonRDS/latest/APIReference/API_CreateDBInstance.html`,
      `${DOCS}/AmazonRDS/latest/APIReference/API_ServerlessV2ScalingConfiguration.html`,
      `${DOCS}/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2-auto-pause.html`,
      `${DOCS}/AmazonRDS/latest/UserGuide/CHAP_Storage.html`,
      `${DOCS}/AmazonRDS/latest/UserGuide/USER_PerfInsights.Overview.Engines.html`,
    ],
  },
  "evaluates alarms over periods that CloudWatch accepts": {
    basis: ["documentation"],
    types: ["aws:cloudwatch/metricAlarm:MetricAlarm"],
    pages: [`${DOCS}/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html`],
  },
  "gives buckets lifecycle rules that S3 accepts": {
    basis: ["knowledge"],
    types: ["aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"],
    pages: [
      `${DOCS}/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html`,
      `${DOCS}/AmazonS3/latest/userguide/intro-lifecycle-rules.html`,
    ],
  },
  "keeps a firewall within its capacity": {
    basis: ["knowledge"],
    types: ["aws:wafv2/webAcl:WebAcl"],
    pages: [
      `${DOCS}/waf/latest/developerguide/aws-waf-capacity-units.html`,
      `${DOCS}/waf/latest/developerguide/aws-managed-rule-groups-list.html`,
    ],
  },
  ...SOURCES_OF_COMBINATIONS,
};

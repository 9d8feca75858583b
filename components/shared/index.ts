export { ApiAccount } from "./api-account";
export { Lambda, type LambdaArgs } from "./lambda";
export type { EventAlarm, Graph, Metric, MetricAlarm, Monitoring, Operated } from "./monitoring";
export { allow, denyPlainHttp, policyDocument, serviceRole, type Statement } from "./permissions";
export { type AccessLogsLike, PrivateBucket, type PrivateBucketArgs } from "./private-bucket";
export { RestApi, type RestApiArgs } from "./rest-api";

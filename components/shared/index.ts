export { ApiAccount, type ApiAccountLike } from "./api-account";
export { Lambda, type LambdaArgs } from "./lambda";
export type { EventAlarm, Graph, Metric, MetricAlarm, Monitoring, Operated } from "./monitoring";
export {
  allow,
  denyPlainHttp,
  policyDocument,
  serviceRole,
  type Permission,
  type Statement,
} from "./permissions";
export {
  type AccessLogsLike,
  type BucketLike,
  PrivateBucket,
  type PrivateBucketArgs,
  takesAccessLogs,
} from "./private-bucket";
export { RestApi, type RestApiArgs } from "./rest-api";

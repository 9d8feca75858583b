/** The environment variables that the component sets on the mover. */
export interface MoverEnvironment {
  SOURCE_BUCKET: string;
  TARGET_BUCKET: string;
  KMS_KEY_ARN: string;
  QUEUE_URL: string;
  RETRY_SECONDS: string;
  PARALLEL_PARTS: string;
  METRICS_NAMESPACE: string;
}

/** Options of an AWS SDK client: how often it tries, and how many milliseconds it waits for each answer. */
export const awsLimits = (maxAttempts: number, requestTimeout: number) => ({
  maxAttempts,
  requestHandler: { connectionTimeout: 1000, requestTimeout, throwOnRequestTimeout: true },
});

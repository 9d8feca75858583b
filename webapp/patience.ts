/** For an AWS SDK client: how often it tries, and how long it waits for each answer. */
export const patience = (maxAttempts: number, requestTimeout: number) => ({
  maxAttempts,
  requestHandler: { connectionTimeout: 1000, requestTimeout, throwOnRequestTimeout: true },
});

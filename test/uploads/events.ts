/** An S3 event as AWS writes it to a queue, recorded once; MiniStack never fires the one for a later tagging. */
export const s3Event = (bucket: string, key: string, eventName = "ObjectTagging:Put"): string =>
  JSON.stringify({
    Records: [
      {
        eventVersion: "2.3",
        eventSource: "aws:s3",
        awsRegion: "eu-west-1",
        eventTime: "2026-11-21T10:00:00.000Z",
        eventName,
        userIdentity: { principalId: "AWS:AROAEXAMPLE:somebody" },
        requestParameters: { sourceIPAddress: "203.0.113.7" },
        responseElements: { "x-amz-request-id": "C3D13FE58DE4C810" },
        s3: {
          s3SchemaVersion: "1.0",
          configurationId: "arrived",
          bucket: {
            name: bucket,
            ownerIdentity: { principalId: "A3NL1KOZZKExample" },
            arn: `arn:aws:s3:::${bucket}`,
          },
          object: {
            key: encodeURIComponent(key).replace(/%20/g, "+").replace(/%2F/g, "/"),
            eTag: "e",
            versionId: "v",
          },
        },
      },
    ],
  });

export interface Expected {
  /** How many of a type; all others are beside the point. */
  declares: Record<string, number>;
  outputs: string[];
  /** The stack's configuration. @default none */
  config?: Record<string, unknown>;
}

/** What the title of each example promises. */
export const EXPECTED: Record<string, Expected[]> = {
  network: [
    {
      declares: {
        "ec2/vpc:Vpc": 1,
        "ec2/subnet:Subnet": 6,
        "ec2/natGateway:NatGateway": 1,
        "ec2/instance:Instance": 0,
      },
      outputs: ["privateSubnetIds", "publicSubnetIds", "vpcId"],
    },
  ],
  "existing-vpc": [
    {
      declares: {
        "ec2/vpc:Vpc": 0,
        "ec2/subnet:Subnet": 0,
        "ec2/route:Route": 0,
        "lb/loadBalancer:LoadBalancer": 1,
        "autoscaling/group:Group": 1,
      },
      outputs: ["url"],
    },
  ],
  database: [
    {
      declares: {
        "ec2/vpc:Vpc": 1,
        "efs/fileSystem:FileSystem": 1,
        "rds/instance:Instance": 0,
        "autoscaling/group:Group": 4, // of the servers, of the nodes, and of the NAT instance in each of two zones
      },
      outputs: ["databaseSecretArn", "url"],
    },
    {
      config: { kind: "managed" },
      declares: {
        "ec2/vpc:Vpc": 1,
        "efs/fileSystem:FileSystem": 0,
        "rds/instance:Instance": 1,
        "autoscaling/group:Group": 3,
      },
      outputs: ["databaseSecretArn", "url"],
    },
  ],
  uploads: [
    {
      declares: {
        "ec2/vpc:Vpc": 0,
        "cognito/userPool:UserPool": 1,
        "s3/bucket:Bucket": 3,
        "lambda/function:Function": 1,
        "sns/topic:Topic": 1,
      },
      outputs: ["normalBucketName", "sensitiveBucketName", "userPoolId"],
    },
  ],
  "own-servers": [
    {
      declares: {
        "lb/loadBalancer:LoadBalancer": 1,
        "acm/certificate:Certificate": 1,
        "ec2/instance:Instance": 1,
      },
      outputs: ["url"],
    },
  ],
  "sensitive-files": [
    {
      declares: {
        "s3/bucket:Bucket": 2,
        "lambda/function:Function": 1,
        "s3/bucketNotification:BucketNotification": 1,
      },
      outputs: ["deadLetterUrl", "normalBucketName", "sensitiveBucketName"],
    },
  ],
  account: [
    {
      declares: {
        "cloudtrail/trail:Trail": 1,
        "budgets/budget:Budget": 1,
        "kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": 1,
        "iam/openIdConnectProvider:OpenIdConnectProvider": 1,
        "s3/accountPublicAccessBlock:AccountPublicAccessBlock": 1,
      },
      outputs: ["previewRoleArn", "trailArn"],
    },
  ],
  api: [
    {
      declares: {
        "apigateway/restApi:RestApi": 1,
        "apigateway/method:Method": 1,
        "lambda/function:Function": 1,
        "cognito/userPool:UserPool": 1,
      },
      outputs: ["clientId", "url"],
    },
  ],
  transforms: [
    {
      declares: { "ec2/vpc:Vpc": 1, "ec2/flowLog:FlowLog": 1, "s3/bucket:Bucket": 1 },
      outputs: ["trailBucketName", "vpcId"],
    },
  ],
  platform: [
    {
      declares: {
        "ec2/vpc:Vpc": 1,
        "rds/instance:Instance": 1,
        "autoscaling/group:Group": 1,
        "cognito/userPool:UserPool": 1,
        "codepipeline/pipeline:Pipeline": 1,
        "sfn/stateMachine:StateMachine": 1,
        "wafv2/webAcl:WebAcl": 1,
        "imagebuilder/imagePipeline:ImagePipeline": 1,
        "backup/plan:Plan": 1,
        "cloudwatch/dashboard:Dashboard": 1,
      },
      outputs: ["dashboardUrl", "deliveryUrl", "provisionerUrl", "url"],
    },
  ],
};

import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { PrivateBucket } from "../shared/private-bucket";
import { Domain } from "./certificates";
import { Runbooks } from "./runbooks";

/** The resources that the functions work on. */
export interface Surroundings {
  table: aws.dynamodb.Table;
  domain?: Domain;
  queue: aws.sqs.Queue;
  requests: PrivateBucket;
  templatesArn: pulumi.Output<string>;
  provisioningRoleArn: pulumi.Output<string>;
  runbooks: { documents: Runbooks; release: aws.ssm.Document; roleArn: pulumi.Output<string> };
  /** The functions' settings, as JSON. */
  settings: pulumi.Output<string>;
}

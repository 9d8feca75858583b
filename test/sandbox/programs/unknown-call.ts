import * as aws from "@pulumi/aws";

export const regions = aws.getRegionsOutput({}).names;

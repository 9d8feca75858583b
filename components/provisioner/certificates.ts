import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { CLOUDFRONT_REGION } from "../../functions/provisioner/cloudfront-region";

/** The domain under which projects get names. */
export interface Domain {
  name: string;
  zoneId: pulumi.Input<string>;
  /** The hosted zone's own name. */
  zoneName: pulumi.Output<string>;
}

export interface Certificates {
  regional: pulumi.Output<string>;
  cloudfront: pulumi.Output<string>;
}

/** One wildcard certificate in this region and one for CloudFront, so that no project waits for its own. */
export function wildcards(name: string, domain: Domain, parent: { parent: pulumi.Resource }): Certificates {
  const request = { domainName: `*.${domain.name}`, validationMethod: "DNS" };
  const here = new aws.acm.Certificate(name, request, parent);
  const there = new aws.acm.Certificate(
    `${name}-cloudfront`,
    { ...request, region: CLOUDFRONT_REGION },
    parent,
  );
  // The same record validates both, because it depends only on the account and the name.
  const option = here.domainValidationOptions.apply((options) => options[0]!);
  const record = new aws.route53.Record(
    `${name}-validation`,
    {
      zoneId: domain.zoneId,
      name: option.resourceRecordName,
      type: option.resourceRecordType,
      records: [option.resourceRecordValue],
      ttl: 300,
    },
    parent,
  );
  const proven = (label: string, certificate: aws.acm.Certificate, region?: string) =>
    new aws.acm.CertificateValidation(
      label,
      { certificateArn: certificate.arn, validationRecordFqdns: [record.fqdn], region },
      parent,
    ).certificateArn;
  return { regional: proven(name, here), cloudfront: proven(`${name}-cloudfront`, there, CLOUDFRONT_REGION) };
}

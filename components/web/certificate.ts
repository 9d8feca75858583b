import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** A certificate for a name in this account's Route 53 zone, validated and renewed by DNS. Returns its ARN once it is valid. */
export function certificate(
  name: string,
  domainName: string,
  zoneId: pulumi.Input<string>,
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  const cert = new aws.acm.Certificate(name, { domainName, validationMethod: "DNS" }, opts);
  const proof = cert.domainValidationOptions[0]!;
  const record = new aws.route53.Record(
    `${name}-proof`,
    {
      zoneId,
      name: proof.resourceRecordName,
      type: "CNAME",
      records: [pulumi.interpolate`${proof.resourceRecordValue}`],
      ttl: 300,
      allowOverwrite: true,
    },
    opts,
  );
  return new aws.acm.CertificateValidation(
    name,
    { certificateArn: cert.arn, validationRecordFqdns: [record.fqdn] },
    opts,
  ).certificateArn;
}

import { asList, omit, pascal, pick, tagList } from "../engine/shape";
import { Inputs, Request, Table } from "../engine/types";

/** Certificates, issued at once, on moto, whose listeners look for them there. */
export const acm: Table = {
  Certificate: async (r) => {
    const acm = await r.use("acm");
    const i = r.inputs;
    const { CertificateArn } =
      i["certificateBody"] !== undefined
        ? await acm.importCertificate({
            Certificate: Buffer.from(i["certificateBody"]),
            PrivateKey: Buffer.from(i["privateKey"]),
            CertificateChain: i["certificateChain"] && Buffer.from(i["certificateChain"]),
            Tags: someTags(r),
          })
        : await acm.requestCertificate({
            DomainName: i["domainName"],
            ValidationMethod: i["validationMethod"] ?? "DNS",
            SubjectAlternativeNames: i["subjectAlternativeNames"],
            KeyAlgorithm: i["keyAlgorithm"],
            Tags: someTags(r),
          });
    const { Certificate } = await acm.describeCertificate({ CertificateArn });
    return {
      id: CertificateArn!,
      outputs: {
        arn: CertificateArn,
        status: Certificate!.Status,
        domainName: Certificate!.DomainName,
        domainValidationOptions: (Certificate!.DomainValidationOptions ?? []).map((one) => ({
          domainName: one.DomainName,
          resourceRecordName: one.ResourceRecord?.Name,
          resourceRecordType: one.ResourceRecord?.Type,
          resourceRecordValue: one.ResourceRecord?.Value,
        })),
      },
    };
  },

  CertificateValidation: async (r) => ({
    id: r.inputs["certificateArn"],
    outputs: { certificateArn: r.inputs["certificateArn"] },
  }),
};

/** What distributions share, on MiniStack, whose CloudFormation creates the distributions. */
export const cloudfront: Table = {
  OriginAccessControl: async (r) => {
    const cloudfront = await r.use("cloudfront");
    const i = r.inputs;
    const { OriginAccessControl, ETag } = await cloudfront.createOriginAccessControl({
      OriginAccessControlConfig: {
        Name: r.physicalName(i["name"], 64),
        Description: i["description"],
        OriginAccessControlOriginType: i["originAccessControlOriginType"],
        SigningBehavior: i["signingBehavior"],
        SigningProtocol: i["signingProtocol"],
      },
    });
    return { id: OriginAccessControl!.Id!, outputs: { etag: ETag } };
  },

  Function: async (r) => {
    const cloudfront = await r.use("cloudfront");
    const i = r.inputs;
    const Name = r.physicalName(i["name"], 64);
    const { ETag, FunctionSummary } = await cloudfront.createFunction({
      Name,
      FunctionConfig: { Comment: i["comment"] ?? "", Runtime: i["runtime"] },
      FunctionCode: Buffer.from(i["code"]),
    });
    if (i["publish"] ?? true) await cloudfront.publishFunction({ Name, IfMatch: ETag });
    return { id: Name, outputs: { name: Name, arn: FunctionSummary!.FunctionMetadata!.FunctionARN } };
  },

  ResponseHeadersPolicy: async (r) => {
    const cloudfront = await r.use("cloudfront");
    const { ResponseHeadersPolicy, ETag } = await cloudfront.createResponseHeadersPolicy({
      ResponseHeadersPolicyConfig: {
        Name: r.physicalName(r.inputs["name"], 128),
        Comment: r.inputs["comment"],
        SecurityHeadersConfig: pascal(r.inputs["securityHeadersConfig"]),
      },
    });
    return { id: ResponseHeadersPolicy!.Id!, outputs: { etag: ETag } };
  },
};

/** Zones and records, on MiniStack; no server answers for them. */
export const route53: Table = {
  Zone: async (r) => {
    const route53 = await r.use("route53");
    const { HostedZone, DelegationSet } = await route53.createHostedZone({
      Name: r.inputs["name"],
      CallerReference: r.physicalName(),
      HostedZoneConfig: { Comment: r.inputs["comment"] ?? "Managed by Pulumi" },
    });
    const id = HostedZone!.Id!.replace("/hostedzone/", "");
    return {
      id,
      outputs: {
        zoneId: id,
        arn: `arn:aws:route53:::hostedzone/${id}`,
        nameServers: DelegationSet?.NameServers ?? [],
      },
    };
  },

  Record: async (r) => {
    const route53 = await r.use("route53");
    const { zoneId, name, type, allowOverwrite } = r.inputs;
    await route53.changeResourceRecordSets({
      HostedZoneId: zoneId,
      ChangeBatch: {
        Changes: [
          {
            Action: allowOverwrite ? "UPSERT" : "CREATE",
            ResourceRecordSet: recordOf(r.inputs),
          },
        ],
      },
    });
    return { id: `${zoneId}_${name}_${type}`, outputs: { fqdn: String(name).replace(/\.$/, "") } };
  },
};

export function recordOf({ name, type, ttl, records, aliases }: Inputs) {
  const alias = asList<Inputs>(aliases)[0];
  return {
    Name: name,
    Type: type,
    TTL: ttl,
    ResourceRecords: records?.map((Value: string) => ({ Value })),
    AliasTarget: alias && {
      DNSName: alias["name"],
      HostedZoneId: alias["zoneId"],
      EvaluateTargetHealth: alias["evaluateTargetHealth"],
    },
  };
}

/** Web ACLs, on moto: recorded, but no request is inspected. */
export const wafv2: Table = {
  WebAcl: async (r) => {
    const waf = await r.use("wafv2");
    const name = r.physicalName(r.inputs["name"], 128);
    const { rules, ...rest } = pick(
      r.inputs,
      "scope",
      "defaultAction",
      "visibilityConfig",
      "description",
      "rules",
    );
    const { Summary } = await waf.createWebACL({
      Name: name,
      ...pascal(rest),
      Rules: asList<Inputs>(rules).map((rule) => pascal(rule)),
      Tags: someTags(r),
    });
    return {
      id: Summary!.Id!,
      outputs: { name, arn: Summary!.ARN, capacity: 0, lockToken: Summary!.LockToken },
    };
  },

  WebAclAssociation: async (r) => {
    const waf = await r.use("wafv2");
    const { webAclArn, resourceArn } = r.inputs;
    await waf.associateWebACL({ WebACLArn: webAclArn, ResourceArn: resourceArn });
    return { id: `${webAclArn},${resourceArn}` };
  },

  WebAclLoggingConfiguration: async (r) => {
    const waf = await r.use("wafv2");
    const { resourceArn, logDestinationConfigs } = r.inputs;
    await waf.putLoggingConfiguration({
      LoggingConfiguration: {
        ResourceArn: resourceArn,
        LogDestinationConfigs: logDestinationConfigs,
        ...pascal(omit(r.inputs, "resourceArn", "logDestinationConfigs")),
      },
    });
    return { id: resourceArn };
  },
};

const someTags = ({ tags }: Request) => (Object.keys(tags).length ? tagList(tags) : undefined);

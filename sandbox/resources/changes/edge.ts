import { asList, pascal, pick } from "../../engine/shape";
import { Change, Changes, Inputs } from "../../engine/types";
import { recordOf } from "../edge";
import { again, record } from "./calls";

export const acm: Changes = {
  Certificate: {
    carries: ["options"],
    update: () => Promise.resolve(),
    remove: async (r) => (await r.use("acm")).deleteCertificate({ CertificateArn: r.id }),
  },
  CertificateValidation: record,
};

/** CloudFront accepts a change only of the state that was last read. */
export const cloudfront: Changes = {
  OriginAccessControl: {
    remove: async (r) => {
      const cloudfront = await r.use("cloudfront");
      const { ETag } = await cloudfront.getOriginAccessControl({ Id: r.id });
      await cloudfront.deleteOriginAccessControl({ Id: r.id, IfMatch: ETag });
    },
  },
  Function: {
    update: async (r) => {
      const cloudfront = await r.use("cloudfront");
      const i = r.inputs;
      const read = await cloudfront.describeFunction({ Name: r.id, Stage: "DEVELOPMENT" });
      const { ETag } = await cloudfront.updateFunction({
        Name: r.id,
        IfMatch: read.ETag,
        FunctionConfig: { Comment: i["comment"] ?? "", Runtime: i["runtime"] },
        FunctionCode: Buffer.from(i["code"]),
      });
      if (i["publish"] ?? true) await cloudfront.publishFunction({ Name: r.id, IfMatch: ETag });
    },
    remove: async (r) => {
      const cloudfront = await r.use("cloudfront");
      const { ETag } = await cloudfront.describeFunction({ Name: r.id, Stage: "DEVELOPMENT" });
      await cloudfront.deleteFunction({ Name: r.id, IfMatch: ETag });
    },
  },
  ResponseHeadersPolicy: {
    remove: async (r) => {
      const cloudfront = await r.use("cloudfront");
      const { ETag } = await cloudfront.getResponseHeadersPolicy({ Id: r.id });
      await cloudfront.deleteResponseHeadersPolicy({ Id: r.id, IfMatch: ETag });
    },
  },
};

async function changeRecord(r: Pick<Change, "use" | "inputs">, Action: "UPSERT" | "DELETE"): Promise<void> {
  const route53 = await r.use("route53");
  const Changes = [{ Action, ResourceRecordSet: recordOf(r.inputs) }];
  await route53.changeResourceRecordSets({ HostedZoneId: r.inputs["zoneId"], ChangeBatch: { Changes } });
}

export const route53: Changes = {
  Zone: {
    carries: ["forceDestroy"],
    update: () => Promise.resolve(),
    remove: async (r) => (await r.use("route53")).deleteHostedZone({ Id: r.id }),
  },
  Record: { update: (r) => changeRecord(r, "UPSERT"), remove: (r) => changeRecord(r, "DELETE") },
};

export const wafv2: Changes = {
  WebAcl: {
    async update(r) {
      const waf = await r.use("wafv2");
      const at = { Id: r.id, Name: r.outputs["name"] as string, Scope: r.inputs["scope"] };
      const { LockToken } = await waf.getWebACL(at);
      await waf.updateWebACL({
        ...at,
        LockToken,
        ...pascal(pick(r.inputs, "defaultAction", "visibilityConfig", "description")),
        Rules: asList<Inputs>(r.inputs["rules"]).map((rule) => pascal(rule)),
      });
    },
    remove: async (r) => {
      const waf = await r.use("wafv2");
      const at = { Id: r.id, Name: r.outputs["name"] as string, Scope: r.inputs["scope"] };
      const { LockToken } = await waf.getWebACL(at);
      await waf.deleteWebACL({ ...at, LockToken });
    },
  },
  WebAclAssociation: {
    remove: async (r) => (await r.use("wafv2")).disassociateWebACL({ ResourceArn: r.inputs["resourceArn"] }),
  },
  WebAclLoggingConfiguration: {
    update: again,
    remove: async (r) => (await r.use("wafv2")).deleteLoggingConfiguration({ ResourceArn: r.id }),
  },
};

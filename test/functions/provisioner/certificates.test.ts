// What is asked of ACM, and what its answers mean.
import { strict as assert } from "node:assert";
import { certificatesIn } from "../../../functions/provisioner/aws/certificates";
import type { CertificateRequest } from "../../../functions/provisioner/domains";
import { awsError, recordedClient } from "../recorded-client";

const NAME = "www.example.com";
const HERE = "arn:aws:acm:eu-west-1:123456789012:certificate/1";
const CLOUDFRONT = "arn:aws:acm:us-east-1:123456789012:certificate/2";

/** ACM in each region, with its answers by the operation. */
function acm(answers: Record<string, unknown> = {}) {
  const regions: (string | undefined)[] = [];
  const { client, calls } = recordedClient(answers);
  const certificates = certificatesIn((region) => {
    regions.push(region);
    return client;
  });
  return { certificates, regions, recorded: calls };
}

const request = (more: Partial<CertificateRequest> = {}): CertificateRequest => ({
  ...{ forCloudFront: true, domain: NAME, also: ["*.projects.example.org"], token: "abcdefgh120" },
  tags: { "groundwork:project": "abcdefgh12" },
  ...more,
});

describe("a certificate of ACM", () => {
  it("is asked for in CloudFront's region for a site, with all its names and tags, to be proved by DNS", async () => {
    const { certificates, regions, recorded } = acm({ RequestCertificate: { CertificateArn: CLOUDFRONT } });
    assert.deepEqual(await certificates.request(request()), { arn: CLOUDFRONT });
    assert.deepEqual(regions, ["us-east-1"]);
    assert.deepEqual(recorded, [
      [
        "RequestCertificate",
        {
          DomainName: NAME,
          SubjectAlternativeNames: ["*.projects.example.org"],
          ValidationMethod: "DNS",
          IdempotencyToken: "abcdefgh120",
          Tags: [{ Key: "groundwork:project", Value: "abcdefgh12" }],
        },
      ],
    ]);
  });

  it("is asked for in the function's own region for a server, and without further names where there are none", async () => {
    const { certificates, regions, recorded } = acm({ RequestCertificate: { CertificateArn: HERE } });
    await certificates.request(request({ forCloudFront: false, also: [] }));
    assert.deepEqual(regions, [undefined]);
    assert.equal(recorded[0]![1]["SubjectAlternativeNames"], undefined);
  });

  for (const name of ["LimitExceededException", "InvalidParameterException"])
    it(`is refused by a sentence where trying again would not help: ${name}`, async () => {
      const { certificates } = acm({ RequestCertificate: awsError(name, "No more than 2500.") });
      assert.deepEqual(await certificates.request(request()), {
        refused: "ACM refuses its certificate: No more than 2500.",
      });
    });

  it("throws what may go better later", async () => {
    const { certificates } = acm({ RequestCertificate: awsError("ThrottlingException") });
    await assert.rejects(certificates.request(request()), { name: "ThrottlingException" });
  });

  const reading = async (Certificate: object) => {
    const { certificates, regions } = acm({ DescribeCertificate: { Certificate } });
    const state = await certificates.read(CLOUDFRONT, NAME);
    assert.deepEqual(regions, ["us-east-1"]);
    return state;
  };
  const options = [
    {
      DomainName: "*.projects.example.org",
      ResourceRecord: { Name: "_x.projects.example.org.", Value: "_y." },
    },
    {
      DomainName: NAME,
      ResourceRecord: { Name: `_a.${NAME}.`, Type: "CNAME", Value: "_b.acm-validations.aws." },
    },
  ];
  const record = { name: `_a.${NAME}`, type: "CNAME", value: "_b.acm-validations.aws" };

  it("waits with the record of its own name, once ACM has it", async () => {
    const pending = { Status: "PENDING_VALIDATION" };
    assert.deepEqual(await reading(pending), { state: "pending", record: undefined });
    assert.deepEqual(await reading({ ...pending, DomainValidationOptions: [{ DomainName: NAME }] }), {
      state: "pending",
      record: undefined,
    });
    assert.deepEqual(await reading({ ...pending, DomainValidationOptions: options }), {
      state: "pending",
      record,
    });
  });

  it("is issued, and lapses only where it cannot be renewed", async () => {
    const NotAfter = new Date("2100-05-01T00:00:00Z");
    const issued = { Status: "ISSUED", DomainValidationOptions: options, NotAfter };
    for (const RenewalStatus of [undefined, "PENDING_AUTO_RENEWAL", "SUCCESS"])
      assert.deepEqual(await reading({ ...issued, RenewalSummary: { RenewalStatus } }), {
        state: "issued",
        record,
      });
    for (const RenewalStatus of ["PENDING_VALIDATION", "FAILED"])
      assert.deepEqual(await reading({ ...issued, RenewalSummary: { RenewalStatus } }), {
        ...{ state: "issued", record },
        lapses: NotAfter.toISOString(),
      });
  });

  for (const [Status, FailureReason, reason] of [
    ["FAILED", "CAA_ERROR", "The CAA records of its zone do not let Amazon issue certificates."],
    ["FAILED", "DOMAIN_NOT_ALLOWED", "ACM issues no certificate for this name."],
    ["FAILED", "INVALID_PUBLIC_DOMAIN", "It is not below a public domain."],
    ["FAILED", "OTHER", "ACM says OTHER."],
    ["EXPIRED", undefined, "ACM says EXPIRED."],
    ["VALIDATION_TIMED_OUT", undefined, "ACM says VALIDATION_TIMED_OUT."],
  ])
    it(`has failed with its reason: ${Status} ${FailureReason ?? ""}`, async () => {
      assert.deepEqual(await reading({ Status, FailureReason }), { state: "failed", reason });
    });

  it("is none where ACM knows it no more, and any other fault is thrown", async () => {
    const gone = acm({ DescribeCertificate: awsError("ResourceNotFoundException") });
    assert.equal(await gone.certificates.read(HERE, NAME), undefined);
    const broken = acm({ DescribeCertificate: awsError("ThrottlingException") });
    await assert.rejects(broken.certificates.read(HERE, NAME), { name: "ThrottlingException" });
  });

  it("is deleted where it lies, unless something answers by it; one that is gone is gone", async () => {
    const { certificates, regions, recorded } = acm();
    assert.equal(await certificates.remove(HERE), "gone");
    assert.deepEqual(regions, ["eu-west-1"]);
    assert.deepEqual(recorded, [["DeleteCertificate", { CertificateArn: HERE }]]);
    const answers = {
      DeleteCertificate: [awsError("ResourceInUseException"), awsError("ResourceNotFoundException")],
    };
    const used = acm(answers);
    assert.equal(await used.certificates.remove(HERE), "used");
    assert.equal(await used.certificates.remove(HERE), "gone");
    const broken = acm({ DeleteCertificate: awsError("ThrottlingException") });
    await assert.rejects(broken.certificates.remove(HERE), { name: "ThrottlingException" });
  });
});

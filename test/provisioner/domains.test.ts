// A project's name of its own, by its real function, ACM and CloudFormation; ACM issues here whatever it is asked for.
import { strict as assert } from "node:assert";
import { until } from "../../sandbox/problem";
import {
  ADMIN,
  approve,
  ask,
  call,
  lookAtDomains,
  MEMBER,
  NOTHING,
  outboxOf,
  registerServer,
  remains,
  settledProject,
  wish,
} from "./driver";
import { claimDue, claimOf } from "./records";
import { DOMAIN, grant, PREFIX, revoke, Rig } from "./rig";
import { sharedRig } from "./shared-rig";
import { leftToAll } from "../left-to-all";

describe("a project's own domain on the emulators", function () {
  this.timeout(240_000);
  let rig: Rig;
  before(async function () {
    rig = await sharedRig(this);
    await rig.token(ADMIN);
  });

  const project = async (id: string) => (await call(rig, MEMBER, "GET", `/projects/${id}`)).body;
  /** Minutes pass until what is shown of the name is so. */
  const minutesUntil = (id: string, domain: string, wanted: string | undefined) =>
    until(
      `The change of ${domain} to ${wanted ?? "gone"}`,
      async () => {
        if (await claimOf(rig, domain)) await claimDue(rig, domain).catch(() => undefined);
        await lookAtDomains(rig);
        const { state, domainState } = await project(id);
        if (state === "updating") await settledProject(rig, id);
        return domainState?.state as string | undefined;
      },
      { wanted: (state) => state === wanted, seconds: 60 },
    );
  const aliasesOf = async (id: string) => {
    const { DistributionList } = await rig.aws.cloudfront.listDistributions({});
    const mine = DistributionList!.Items!.find(({ Comment }) => Comment === `${PREFIX}-${id}`)!;
    return { names: mine.Aliases?.Items ?? [], certificate: mine.ViewerCertificate?.ACMCertificateArn };
  };
  const resource = async (id: string, LogicalResourceId: string) => {
    const asked = { StackName: `${PREFIX}-${id}`, LogicalResourceId };
    const { StackResourceDetail } = await rig.aws.cloudformation.describeStackResource(asked);
    return StackResourceDetail!.PhysicalResourceId!;
  };

  it("serves a site with one certificate for both names, and leaves nothing when it is removed", async () => {
    const domain = "www.shop.example.com";
    const id = await ask(rig, "named", { domain });
    assert.equal((await settledProject(rig, id)).state, "ready");
    const own = `named-dev.${DOMAIN}`;
    const before = await aliasesOf(id);
    assert.deepEqual(before.names, [own]);

    const taken = await call(rig, MEMBER, "POST", "/projects", wish("another", { domain }));
    assert.deepEqual([taken.status, taken.body.code], [409, "taken"]);

    await minutesUntil(id, domain, "serves");
    const { records, state } = (await project(id)).domainState;
    assert.equal(state, "serves");
    assert.deepEqual(
      records.map(({ name, type }: { name: string; type: string }) => [name.replace(/^_\w+/, "_"), type]),
      [
        [`_.${domain}`, "CNAME"],
        [domain, "CNAME"],
      ],
    );
    assert.equal(records[1].value, own);
    const now = await aliasesOf(id);
    assert.deepEqual(now.names.sort(), [own, domain].sort());
    const CertificateArn = now.certificate!;
    assert.match(CertificateArn, /^arn:aws:acm:us-east-1:/);
    const { Certificate } = await rig.aws.acm.cloudfront.describeCertificate({ CertificateArn });
    assert.deepEqual([...Certificate!.SubjectAlternativeNames!].sort(), [`*.${DOMAIN}`, domain]);
    const { Tags } = await rig.aws.acm.cloudfront.listTagsForCertificate({ CertificateArn });
    assert.deepEqual(Object.fromEntries(Tags!.map(({ Key, Value }) => [Key, Value])), {
      "groundwork:provisioner": PREFIX,
      "groundwork:project": id,
      "groundwork:unit": MEMBER.unit,
    });

    assert.equal((await call(rig, MEMBER, "PATCH", `/projects/${id}`, { domain: null })).status, 202);
    await settledProject(rig, id);
    assert.deepEqual(await aliasesOf(id), before);
    await minutesUntil(id, domain, undefined);
    assert.equal((await claimOf(rig, domain))!["id"], undefined);
    await call(rig, MEMBER, "DELETE", `/projects/${id}`);
    await settledProject(rig, id, { skip: "ready" });
    assert.deepEqual(await remains(rig), NOTHING);
  });

  it("serves a server with a certificate on its balancer's listener, and is removed with the project", async function () {
    leftToAll(this);
    const domain = "app.shop.example.com";
    const id = await ask(rig, "app", { type: "realtime", stack: "node", environment: "stag", domain });
    await settledProject(rig, id, { step: "approve" });
    assert.deepEqual(await remainsOfNames(), [1, []]);
    await approve(rig, id);
    await settledProject(rig, id, { step: "deliver", only: "stack" });
    await registerServer(rig, id);
    assert.equal((await settledProject(rig, id)).state, "ready");
    await minutesUntil(id, domain, "serves");
    const ListenerArns = [await resource(id, "HttpsListener")];
    const { Listeners } = await rig.aws.elb.describeListeners({ ListenerArns });
    const [{ CertificateArn }] = Listeners![0]!.Certificates as [{ CertificateArn: string }];
    assert.match(CertificateArn, /^arn:aws:acm:eu-west-1:/);
    const { Certificate } = await rig.aws.acm.here.describeCertificate({ CertificateArn });
    assert.equal(Certificate!.DomainName, domain);
    const LaunchTemplateId = await resource(id, "ServerTemplate");
    const { LaunchTemplateVersions } = await rig.aws.ec2.describeLaunchTemplateVersions({
      LaunchTemplateId,
      Versions: ["$Latest"],
    });
    const { UserData } = LaunchTemplateVersions![0]!.LaunchTemplateData!;
    const url = `"PROJECT_URL": "https://${domain}"`;
    assert.ok(
      Buffer.from(UserData!, "base64").toString().includes(url),
      "the servers' user data does not name the domain",
    );

    await call(rig, MEMBER, "DELETE", `/projects/${id}`);
    await settledProject(rig, id, { skip: "ready" });
    await claimDue(rig, domain);
    await lookAtDomains(rig);
    assert.deepEqual(await remains(rig), NOTHING);
  });

  const remainsOfNames = async () => {
    const { domains, certificates } = await remains(rig);
    return [domains, certificates];
  };

  it("is freed when the request for it is deleted before anybody proved it", async function () {
    leftToAll(this);
    const domain = "early.shop.example.com";
    const id = await ask(rig, "early", { domain, environment: "stag" });
    await settledProject(rig, id, { step: "approve" });
    await call(rig, MEMBER, "DELETE", `/projects/${id}`);
    await settledProject(rig, id);
    await claimDue(rig, domain);
    await lookAtDomains(rig);
    assert.equal(await claimOf(rig, domain), undefined);
    assert.deepEqual(await remains(rig), NOTHING);
  });

  it("is given up with a reason when the stack's update fails, and leaves the project ready", async function () {
    leftToAll(this);
    const domain = "taken.shop.example.com";
    const id = await ask(rig, "unlucky");
    await settledProject(rig, id);
    await call(rig, MEMBER, "PATCH", `/projects/${id}`, { domain });
    await settledProject(rig, id);
    const denied = { Effect: "Deny", Action: "cloudformation:CreateChangeSet", Resource: "*" };
    await grant(rig.aws, "steps", denied, "denied");
    await minutesUntil(id, domain, "given-up");
    await revoke(rig.aws, "steps", "denied");
    const { state, domainState, domain: left } = await project(id);
    assert.deepEqual([state, left], ["ready", undefined]);
    assert.match(domainState.reason, /^The project could not be moved to it: /);
    assert.match(await outboxOf(rig), /unlucky goes on without taken\.shop\.example\.com/);
    await call(rig, MEMBER, "DELETE", `/projects/${id}`);
    await settledProject(rig, id, { skip: "ready" });
    await claimDue(rig, domain);
    await lookAtDomains(rig);
    assert.deepEqual(await remains(rig), NOTHING);
  });
});

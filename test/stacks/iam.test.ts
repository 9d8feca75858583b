// What each role of each stack may do and may not, by simulation of its policies: the table is test/stacks/iam-cases/.
import { strict as assert } from "node:assert";
import { physicalName, run, runStack } from "../harness";
import { serviceRole, allow } from "../../components/shared/permissions";
import { PrivateBucket } from "../../components/shared/private-bucket";
import { IAM_CASES } from "./iam-cases";
import { Request, RoleCase, VIA } from "./iam-cases/case";
import { isAllowed, isTold, reachOf, Role, rolesOf } from "./iam-simulation";
import type { StackView } from "../../policies/declared";
import { STACKS, stackView } from "./stacks";
import { some } from "../some";

/** What a service does with a key in a role's name, asked of KMS by the role itself. */
const withoutService = ([action, resource, { [VIA]: via, ...context } = {}]: Request): Request[] =>
  via === undefined ? [] : [[action, resource, context]];

/** Everything that is wrong with a role, by its case. */
async function judge(role: Role, view: StackView, roleCase: RoleCase | undefined): Promise<string[]> {
  const reach = await reachOf(role, view);
  const tell = (requests: readonly { action: string; resource: string }[]) =>
    requests.map(({ action, resource }) => `  ${action} on ${resource}`).join("\n");
  if (!roleCase)
    return [
      `role ${role.name} has no case in test/stacks/iam-cases/; with this stack it may\n${tell(reach)}`,
    ];
  const wrong = async (requests: readonly Request[], want: boolean, verb: string) => {
    const problems: string[] = [];
    for (const request of requests)
      if ((await isAllowed(role, request)) !== want)
        problems.push(
          `role ${role.name} ${verb} ${request[0]} on ${request[1]} ${JSON.stringify(request[2] ?? {})}`,
        );
    return problems;
  };
  const may = [...roleCase.may, ...(roleCase.mayIn?.[view.stack] ?? [])];
  return [
    ...(role.takenBy.join() === roleCase.takenBy.join()
      ? []
      : [`role ${role.name} is taken by ${role.takenBy.join()}, not by ${roleCase.takenBy.join()}`]),
    ...(await wrong(may, true, "may not")),
    ...(await wrong(roleCase.mayNot ?? [], false, "may")),
    ...(await wrong(may.flatMap(withoutService), false, "may")),
    ...reach
      .filter((probe) => !roleCase.wider && !isTold(probe, may))
      .map(({ action, resource }) => `role ${role.name} may also ${action} on ${resource}`),
  ];
}

describe("what every role may do", () => {
  const met = new Set<string>();

  for (const stack of some(STACKS))
    it(`${stack}: each role can do its work, and reaches nothing of its neighbours`, async () => {
      const view = await stackView(stack);
      const problems: string[] = [];
      for (const role of rolesOf(view)) {
        met.add(role.name);
        problems.push(...(await judge(role, view, IAM_CASES[role.name])));
      }
      assert.deepEqual(problems, []);
    });

  it("dev with a bastion: its role can do its work", async () => {
    const { resources } = await runStack("dev", { config: { bastion: {} } });
    const view = { stack: "dev", keepData: false, resources };
    const bastion = rolesOf(view).find(({ name }) => name === "bastion")!;
    met.add(bastion.name);
    assert.deepEqual(await judge(bastion, view, IAM_CASES[bastion.name]), []);
  });

  it("has no case for a role that no longer exists", () => {
    assert.deepEqual(
      Object.keys(IAM_CASES).filter((name) => !met.has(name)),
      [],
    );
  });
});

describe("the check of roles", () => {
  let view: StackView;
  let role: Role;
  const object = `arn:aws:s3:::${physicalName("mine")}/a`;
  const takenBy = ["ec2.amazonaws.com"];

  before(async () => {
    const { resources } = await run(() => {
      const [mine, other] = ["mine", "other"].map((name) => new PrivateBucket(name, { keepData: false }));
      serviceRole(
        "reader",
        {
          service: "ec2.amazonaws.com",
          permissions: [
            allow(
              ["s3:GetObject"],
              mine!.bucketArn.apply((arn) => `${arn}/*`),
            ),
            allow(
              ["s3:GetObject"],
              other!.bucketArn.apply((arn) => `${arn}/*`),
              {
                StringEquals: { "aws:PrincipalTag/team": "a" },
              },
            ),
          ],
        },
        {},
      );
      return {};
    });
    view = { stack: "test", keepData: false, resources };
    role = rolesOf(view)[0]!;
  });

  it("refuses a role without a case, and shows what it may do", async () => {
    assert.deepEqual(await judge(role, view, undefined), [
      "role reader has no case in test/stacks/iam-cases/; with this stack it may\n" +
        `  s3:GetObject on arn:aws:s3:::${physicalName("mine")}/any\n  s3:GetObject on arn:aws:s3:::${physicalName("other")}/any`,
    ]);
  });

  it("refuses a role that reaches its neighbour, even if only under a condition", async () => {
    assert.deepEqual(await judge(role, view, { takenBy, may: [["s3:GetObject", object]] }), [
      `role reader may also s3:GetObject on arn:aws:s3:::${physicalName("other")}/any`,
    ]);
  });

  it("refuses a role that may do less or more than its case, or that somebody else can assume", async () => {
    const other: Request = [
      "s3:GetObject",
      `arn:aws:s3:::${physicalName("other")}/a`,
      { "aws:PrincipalTag/team": "a" },
    ];
    assert.deepEqual(
      await judge(role, view, {
        takenBy: ["lambda.amazonaws.com"],
        may: [["s3:GetObject", object], ["s3:PutObject", object], other],
        mayNot: [["s3:GetObject", object]],
      }),
      [
        "role reader is taken by ec2.amazonaws.com, not by lambda.amazonaws.com",
        `role reader may not s3:PutObject on arn:aws:s3:::${physicalName("mine")}/a {}`,
        `role reader may s3:GetObject on arn:aws:s3:::${physicalName("mine")}/a {}`,
      ],
    );
  });
});

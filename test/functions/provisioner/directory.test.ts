import { strict as assert } from "node:assert";
import { CognitoIdentityProviderClient } from "@aws-sdk/client-cognito-identity-provider";
import { directory } from "../../../functions/provisioner/aws/directory";
import { recordedClient } from "../recorded-client";

const GIVEN = { USER_POOL: "pool", ADMIN_GROUP: "admin", ZONE_ID: "", AWS_REGION: "eu-west-1" };
const before = Object.keys(GIVEN).map((name) => [name, process.env[name]] as const);
const { send } = CognitoIdentityProviderClient.prototype;

describe("what leads to admins and names", () => {
  beforeEach(() => void Object.assign(process.env, GIVEN));
  afterEach(() => {
    for (const [name, value] of before)
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    CognitoIdentityProviderClient.prototype.send = send;
  });

  it("finds the address of every admin who may sign in", async () => {
    const email = (Value: string) => ({
      Attributes: [
        { Name: "sub", Value: "s" },
        { Name: "email", Value },
      ],
    });
    const Users = [
      { Enabled: true, ...email("a@example.org") },
      email("b@example.org"),
      { Enabled: false, ...email("gone@example.org") },
      { Attributes: [] },
      {},
    ];
    const { client, calls } = recordedClient({ ListUsersInGroup: [{ Users }, {}] });
    CognitoIdentityProviderClient.prototype.send = (client as { send: never }).send;
    assert.deepEqual(await directory().admins(), ["a@example.org", "b@example.org"]);
    assert.deepEqual(calls, [["ListUsersInGroup", { UserPoolId: "pool", GroupName: "admin" }]]);
    assert.deepEqual(await directory().admins(), []);
  });

  it("has names where there is a zone", () => {
    assert.equal(directory().names, undefined);
    process.env["ZONE_ID"] = "Z1";
    assert.equal(typeof directory().names?.point, "function");
  });
});

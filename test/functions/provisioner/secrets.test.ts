import { strict as assert } from "node:assert";
import { keepSecret, keepValues, readValues, removeSecret } from "../../../functions/provisioner/aws/secrets";
import { awsError, recordedClient } from "../recorded-client";

const DENIED = { name: "AccessDeniedException" };
const denied = () => awsError(DENIED.name);

describe("a project's secret", () => {
  it("is kept under the project, beside the one that it will replace", async () => {
    const { client, calls } = recordedClient({ CreateSecret: { ARN: "arn:secret" } });
    assert.equal(await keepSecret(client, "gw", "p", { accessToken: "t" }), "arn:secret");
    await keepSecret(client, "gw", "p", { accessToken: "t" });
    const [first, second] = calls.map(([, { Name, ...rest }]) => {
      assert.match(Name as string, /^gw\/p\/[0-9a-f]{8}$/);
      return [Name, rest];
    });
    assert.notEqual(first![0], second![0]);
    const Tags = [{ Key: "groundwork:project", Value: "p" }];
    assert.deepEqual(first![1], { SecretString: '{"accessToken":"t"}', Tags });
  });

  it("is one of its own for what its servers read, named after the stack", async () => {
    const values = { made: {}, variables: { A: "1" }, secrets: { B: "2" } };
    const { client, calls } = recordedClient({
      CreateSecret: { ARN: "arn:values" },
      GetSecretValue: { SecretString: JSON.stringify(values) },
    });
    assert.equal(await keepValues(client, "gw", "p", values), "arn:values");
    assert.match(calls[0]![1]["Name"] as string, /^gw-p\/values-[0-9a-f]{8}$/);
    assert.deepEqual(JSON.parse(calls[0]![1]["SecretString"] as string), values);
    assert.deepEqual(await readValues(client, "arn:values"), values);
    assert.deepEqual(calls[1], ["GetSecretValue", { SecretId: "arn:values" }]);
  });

  it("is removed for good, and may be gone already", async () => {
    const { client, calls } = recordedClient({
      DeleteSecret: [{}, awsError("ResourceNotFoundException"), denied()],
    });
    await removeSecret(client, "arn:secret");
    await removeSecret(client, "arn:secret");
    assert.deepEqual(calls[0], [
      "DeleteSecret",
      { SecretId: "arn:secret", ForceDeleteWithoutRecovery: true },
    ]);
    await assert.rejects(removeSecret(client, "arn:secret"), DENIED);
  });
});

import { strict as assert } from "node:assert";
import { commitsOn } from "../../../functions/provisioner/aws/github";
import {
  keepHook,
  keepSecret,
  keepValues,
  readHook,
  readValues,
  removeSecret,
} from "../../../functions/provisioner/aws/secrets";
import { listen } from "../../listener";
import { awsError, recordedClient } from "../recorded-client";

const DENIED = { name: "AccessDeniedException" };
const denied = () => awsError(DENIED.name);

describe("a project's secret", () => {
  it("is stored under the project, beside the one that it will replace", async () => {
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

  it("is separate for what its servers read, named after the stack", async () => {
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

  it("is separate for what its Git host signs with", async () => {
    const { client, calls } = recordedClient({
      CreateSecret: { ARN: "arn:hook" },
      GetSecretValue: { SecretString: '{"secret":"s"}' },
    });
    assert.equal(await keepHook(client, "gw", "p", "s"), "arn:hook");
    assert.match(calls[0]![1]["Name"] as string, /^gw-p\/hook-[0-9a-f]{8}$/);
    assert.equal(await readHook(client, "arn:hook"), "s");
  });

  it("shows a commit's status on GitHub by its token, and does nothing without one", async () => {
    const asked: unknown[] = [];
    let status = 201;
    const github = await listen((request, response) => {
      let body = "";
      request.on("data", (part: Buffer) => (body += part));
      request.on("end", () => {
        const { authorization, accept } = request.headers;
        asked.push([request.method, request.url, authorization, accept, JSON.parse(body)]);
        response.writeHead(status).end("{}");
      });
    });
    try {
      const shown = (accessToken: string) => {
        const SecretString = JSON.stringify({ accessToken, privateKey: "" });
        const { client } = recordedClient({ GetSecretValue: { SecretString } });
        return commitsOn(client, github.url)("arn:secret", {
          ...{ repository: "team/shop", commit: "abc", state: "success" },
          ...{ description: "It serves.", target: "https://www.example.org", context: "groundwork" },
        });
      };
      await shown("");
      assert.deepEqual(asked, []);
      await shown("t0ken");
      const target_url = "https://www.example.org";
      const body = { state: "success", description: "It serves.", target_url, context: "groundwork" };
      assert.deepEqual(asked, [
        [...["POST", "/repos/team/shop/statuses/abc", "Bearer t0ken", "application/vnd.github+json"], body],
      ]);
      status = 404;
      await assert.rejects(shown("t0ken"), /^Error: GitHub answers 404 to the status of a commit$/);
    } finally {
      await github.close();
    }
  });

  it("is removed for good, and may already be gone", async () => {
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

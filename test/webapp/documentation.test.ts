import assert from "node:assert/strict";
import { start } from "./helper";

describe("documentation", () => {
  it("describes the routes, their refusals and their rules", async () => {
    const { app } = await start();
    const { openapi, paths } = (await app.inject("/documentation/json")).json();
    assert.equal(openapi, "3.1.0");
    const described = ["/", "/health", "/health/ready", "/load", "/users"];
    assert.deepEqual(
      described.filter((path) => !paths[path]),
      [],
    );
    assert.deepEqual(Object.keys(paths["/users"].post.responses), ["201", "4XX", "5XX"]);
    assert.equal(
      paths["/users"].post.requestBody.content["application/json"].schema.properties.email.description,
      "an e-mail address of at most 120 characters",
    );
  });
});

import { strict as assert } from "node:assert";
import { openApi } from "../../../functions/provisioner/openapi";
import { OPERATIONS } from "../../../functions/provisioner/operations";
import { some } from "../../some";
import { ADMIN, ready, wish, world } from "./world";

describe("the provisioner's OpenAPI document", () => {
  it("is answered at its own route, with where the API is", async () => {
    const { status, body } = await world().call(ADMIN, "GET", "/openapi");
    assert.equal(status, 200);
    assert.deepEqual(body, JSON.parse(JSON.stringify(openApi("https://api.example.org/v1"))));
    assert.deepEqual(
      Object.values(body.paths as object).flatMap((methods: object) => Object.keys(methods)).length,
      OPERATIONS.length,
    );
  });

  it("names no route that the API does not answer", async () => {
    const w = world();
    const id = await ready(w);
    for (const { method, path } of some(OPERATIONS)) {
      const { body } = await w.call(ADMIN, method, path, { id, body: wish() });
      assert.notEqual(body.message, "There is no such route.", `${method} ${path}`);
      assert.notEqual(body.code, "unavailable", `${method} ${path}`);
    }
    const { body } = await w.call(ADMIN, "POST", "/projects/{id}/nothing", { id });
    assert.equal(body.message, "There is no such route.");
  });
});

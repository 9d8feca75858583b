import { strict as assert } from "node:assert";
import { attribute, item, object, updateOf } from "../../../functions/provisioner/aws/attributes";

describe("what DynamoDB is told of plain values", () => {
  it("comes back as it was, without what is undefined", () => {
    const value = { text: "", number: 0, no: false, nothing: null, list: ["a", { b: 1 }], gone: undefined };
    const { gone: _, ...kept } = value;
    assert.deepEqual(object(item(value)), kept);
    assert.deepEqual(attribute(null), { NULL: true });
  });

  it("sets and removes by paths, under placeholders, on a condition or on none", () => {
    assert.deepEqual(updateOf({ "stages.create": "begun", state: undefined }), {
      UpdateExpression: "SET #stages.#create = :v0",
      ExpressionAttributeNames: { "#stages": "stages", "#create": "create" },
      ExpressionAttributeValues: { ":v0": { S: "begun" } },
    });
    assert.deepEqual(updateOf({ state: "ready" }, ["due"], "#queue = :q", { ":q": 1 }), {
      UpdateExpression: "SET #state = :v0 REMOVE #due",
      ConditionExpression: "#queue = :q",
      ExpressionAttributeNames: { "#state": "state", "#due": "due", "#queue": "queue" },
      ExpressionAttributeValues: { ":v0": { S: "ready" }, ":q": { N: "1" } },
    });
    assert.deepEqual(updateOf({}, ["due"]), {
      UpdateExpression: "REMOVE #due",
      ExpressionAttributeNames: { "#due": "due" },
    });
  });
});

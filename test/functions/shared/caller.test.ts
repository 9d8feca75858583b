import { strict as assert } from "node:assert";
import { callerOf, groupsIn, refuseCaller } from "../../../functions/shared/caller";
import type { ApiRequest } from "../../../functions/shared/http";

describe("the caller of an API", () => {
  it("is in the groups of the token, in every form in which a gateway passes them on", () => {
    for (const groups of [
      "member,admin",
      "member ,admin",
      "[member admin]",
      "[member, admin]",
      ["member", "admin"],
    ])
      assert.deepEqual(groupsIn({ "cognito:groups": groups }), ["member", "admin"], JSON.stringify(groups));
    for (const groups of [undefined, null, "", "[]", []])
      assert.deepEqual(groupsIn({ "cognito:groups": groups }), [], JSON.stringify(groups));
    const bracketed = groupsIn({ "cognito:groups": "a[1],b[2]c" });
    assert.deepEqual(bracketed, ["a[1]", "b[2]c"], "brackets in a name are the name's own");
  });

  it("is nobody without a verified token", () => {
    for (const requestContext of [undefined, null, {}, { authorizer: null }, { authorizer: {} }] as const)
      assert.deepEqual(callerOf({ requestContext } as ApiRequest), { id: "", groups: [] });
  });

  it("is the person that the token names", () => {
    const claims = { sub: "user-1", "cognito:groups": "member" };
    const caller = callerOf({ requestContext: { authorizer: { claims } } });
    assert.deepEqual(caller, { id: "user-1", groups: ["member"] });
  });

  it("is told to sign in, or which group is required", () => {
    const told = (id: string) => JSON.parse(refuseCaller({ id, groups: [] }, "admins")!.body).message;
    assert.match(told(""), /^Sign in/);
    assert.match(told("user-1"), /\badmins\b/);
  });

  it("is refused if anonymous, or not in the required group", () => {
    const refused = (id: string, group?: string) =>
      refuseCaller({ id, groups: ["member", "admins"] }, group)?.statusCode;
    assert.deepEqual(
      [refused(""), refused("user-1"), refused("user-1", "admins"), refused("user-1", "admin")],
      [401, undefined, undefined, 403],
    );
  });
});

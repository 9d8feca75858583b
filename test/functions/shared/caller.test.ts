import { strict as assert } from "node:assert";
import { callerOf, groupsIn, refuseCaller } from "../../../functions/shared/caller";

describe("who calls an API", () => {
  it("is in the groups of the token, in whichever form a gateway hands them on", () => {
    for (const groups of ["member,admin", "[member admin]", "[member, admin]", ["member", "admin"]])
      assert.deepEqual(groupsIn({ "cognito:groups": groups }), ["member", "admin"], JSON.stringify(groups));
    for (const groups of [undefined, null, "", "[]", []])
      assert.deepEqual(groupsIn({ "cognito:groups": groups }), [], JSON.stringify(groups));
  });

  it("is nobody without a verified token", () => {
    for (const request of [{}, { requestContext: {} }, { requestContext: { authorizer: null } }])
      assert.deepEqual(callerOf(request), { id: "", groups: [] });
  });

  it("refuses nobody, and whoever lacks the demanded group", () => {
    const refused = (id: string, group?: string) =>
      refuseCaller({ id, groups: ["member", "admins"] }, group)?.statusCode;
    assert.deepEqual(
      [refused(""), refused("user-1"), refused("user-1", "admins"), refused("user-1", "admin")],
      [401, undefined, undefined, 403],
    );
  });
});

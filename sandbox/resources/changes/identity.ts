import { Changes } from "../../engine/types";
import { clientOf, factorsOf, poolOf } from "../identity";

export const cognito: Changes = {
  UserPool: {
    async update(r) {
      const cognito = await r.use("cognito");
      await cognito.updateUserPool({ UserPoolId: r.id, ...poolOf(r.inputs), UserPoolTags: r.tags });
      const factors = factorsOf(r.inputs);
      if (factors) await cognito.setUserPoolMfaConfig({ UserPoolId: r.id, ...factors });
    },
    remove: async (r) => (await r.use("cognito")).deleteUserPool({ UserPoolId: r.id }),
  },
  UserPoolClient: {
    async update(r) {
      await (
        await r.use("cognito")
      ).updateUserPoolClient({
        UserPoolId: r.inputs["userPoolId"],
        ClientId: r.id,
        ClientName: r.outputs["name"],
        ...clientOf(r.inputs),
      });
    },
    remove: async (r) =>
      (await r.use("cognito")).deleteUserPoolClient({
        UserPoolId: r.inputs["userPoolId"],
        ClientId: r.id,
      }),
  },
  UserGroup: {
    async update(r) {
      const { userPoolId, description, precedence, roleArn } = r.inputs;
      await (
        await r.use("cognito")
      ).updateGroup({
        UserPoolId: userPoolId,
        GroupName: r.outputs["name"],
        Description: description,
        Precedence: precedence,
        RoleArn: roleArn,
      });
    },
    remove: async (r) =>
      (await r.use("cognito")).deleteGroup({
        UserPoolId: r.inputs["userPoolId"],
        GroupName: r.outputs["name"],
      }),
  },
};

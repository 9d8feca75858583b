import {
  CognitoIdentityProviderClient,
  ListUsersInGroupCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { EC2Client } from "@aws-sdk/client-ec2";
import { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { Route53Client } from "@aws-sdk/client-route-53";
import { fromEnvironment } from "../../shared/environment";
import type { CommonEnvironment } from "../environment";
import { Directory, Visitors } from "../ports";
import { probeBy } from "../probe";
import { addressIn } from "./addresses";
import { namesOf } from "./dns-names";
import { healthIn } from "./target-health";

const given = fromEnvironment<CommonEnvironment>;

export const directory = (): Directory => ({
  names: given("ZONE_ID") ? namesOf(new Route53Client(), given("ZONE_ID")) : undefined,
  addressOf: (group) => addressIn(new EC2Client(), group),
  admins: () => adminsIn(new CognitoIdentityProviderClient(), given("USER_POOL"), given("ADMIN_GROUP")),
});

export const visitors = (): Visitors => ({
  // Unset on AWS, where projects are called at their real addresses.
  probe: probeBy(process.env["PROBE_BASE"]),
  healthy: healthIn(new ElasticLoadBalancingV2Client()),
});

async function adminsIn(client: CognitoIdentityProviderClient, UserPoolId: string, GroupName: string) {
  const { Users = [] } = await client.send(new ListUsersInGroupCommand({ UserPoolId, GroupName }));
  const active = Users.filter(({ Enabled }) => Enabled !== false);
  return active.flatMap((user) => user.Attributes?.find(({ Name }) => Name === "email")?.Value ?? []);
}

// A REST API in front of your own function, open only to signed-in users.
import { ApiAccount, Lambda, RestApi, UserPool } from "@groundwork-platform/components";

const people = new UserPool("people", { parameterPath: "/api-example", keepData: false });

const greeting = new Lambda("greeting", {
  callback: async () => ({
    statusCode: 200,
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ greeting: process.env["GREETING"] }),
  }),
  environment: { GREETING: "hello" },
  timeoutSeconds: 5,
});

const api = new RestApi("api", {
  routes: [{ method: "GET", path: "/greeting", function: greeting }],
  userPoolArn: people.userPoolArn,
  // One per account and region: leave it out if another program already has it.
  account: new ApiAccount("api"),
});

export const url = api.url;
export const clientId = people.apiClientId;

// A REST API before a function of your own, open only to people who are signed in.
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
  // One an account and region: leave it out where another program has it.
  account: new ApiAccount("api"),
});

export const url = api.url;
export const clientId = people.apiClientId;

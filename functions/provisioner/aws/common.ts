import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { SESv2Client } from "@aws-sdk/client-sesv2";
import { SFNClient } from "@aws-sdk/client-sfn";
import { CommonPorts } from "../ports";
import { publisher } from "./events";
import { answerer } from "./machine";
import { mailer } from "./mail";
import { Table } from "./table";

/** What the component has put into a function's environment. */
export const given = (name: string) => process.env[name]!;

export const settings = () => JSON.parse(given("SETTINGS"));
export const table = (): Table => ({ client: new DynamoDBClient(), TableName: given("TABLE") });

export const common = (): Omit<CommonPorts, "store"> => ({
  publish: publisher(new EventBridgeClient()),
  answer: answerer(new SFNClient()),
  mail: mailer(new SESv2Client(), given("SENDER")),
  now: () => new Date(),
});

import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { SESv2Client } from "@aws-sdk/client-sesv2";
import { SFNClient } from "@aws-sdk/client-sfn";
import { fromEnvironment } from "../../shared/environment";
import type { CommonEnvironment } from "../environment";
import { CommonPorts, FunctionSettings } from "../ports";
import { publisher } from "./events";
import { answerer } from "./state-machine";
import { mailer } from "./mail";
import { Table } from "./table";

const given = fromEnvironment<CommonEnvironment>;

export const settings = (): FunctionSettings => JSON.parse(given("SETTINGS"));
export const table = (): Table => ({ client: new DynamoDBClient(), TableName: given("TABLE") });

export const common = (): Omit<CommonPorts, "store"> => ({
  publish: publisher(new EventBridgeClient()),
  answer: answerer(new SFNClient()),
  mail: mailer(new SESv2Client(), given("SENDER")),
  now: () => new Date(),
});

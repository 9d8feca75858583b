import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { CommonPorts } from "../ports";

export function publisher(client: EventBridgeClient): CommonPorts["publish"] {
  return async (detail) => {
    const DetailType = "Project Stage Changed";
    const entry = { Source: "groundwork.provisioner", DetailType, Detail: JSON.stringify(detail) };
    await client.send(new PutEventsCommand({ Entries: [entry] }));
  };
}

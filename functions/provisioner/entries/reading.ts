import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { SSMClient } from "@aws-sdk/client-ssm";
import { fromEnvironment } from "../../shared/environment";
import { apiUrlAt } from "../aws/api-url";
import { settings, table } from "../aws/common";
import { eventsIn } from "../aws/log-events";
import { readsOf } from "../aws/table";
import type { RouteRequest } from "../context";
import type { ReadingEnvironment } from "../environment";
import { answerReading } from "../reading";

const given = fromEnvironment<ReadingEnvironment>;

/** Answers requests that only read. */
export const handler = (request: RouteRequest) =>
  answerReading(
    {
      store: readsOf(table()),
      events: eventsIn(new CloudWatchLogsClient()),
      apiUrl: apiUrlAt(new SSMClient(), given("API_URL_PARAMETER")),
      now: () => new Date(),
    },
    settings(),
    request,
  );

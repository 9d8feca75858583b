import {
  CloudWatchLogsClient,
  FilteredLogEvent,
  FilterLogEventsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { named } from "../../shared/is-named";
import type { LogPorts } from "../log-lines";

/** The most lines that one answer holds. */
const EVENTS = 500;
/** A page may be empty although more follow. */
const PAGES = 20;

/** The streams of a group in the order of their events. Not by GetLogEvents: CloudWatch names the latest streams up to an hour late. */
export const eventsIn =
  (client: CloudWatchLogsClient): LogPorts["events"] =>
  async (logGroupName, startTime) => {
    const found: FilteredLogEvent[] = [];
    let nextToken: string | undefined;
    try {
      for (let page = 0; page < PAGES && (page === 0 || nextToken) && found.length < EVENTS; page++) {
        const limit = EVENTS - found.length;
        const answer = await client.send(
          new FilterLogEventsCommand({ logGroupName, startTime, limit, nextToken }),
        );
        found.push(...(answer.events ?? []));
        nextToken = answer.nextToken;
      }
    } catch (error) {
      if (!named(error, "ResourceNotFoundException")) throw error;
    }
    const events = found.map(({ timestamp = startTime, logStreamName = "", message = "" }) => ({
      at: timestamp,
      from: logStreamName,
      text: message,
    }));
    return { events, more: found.length >= EVENTS };
  };

// Loaded before the web app. On AWS only the load balancer reaches the app; here its own port has the same check as every server of the sandbox.
import * as http from "node:http";
import { withAccessCheck } from "./access";

const emit = http.Server.prototype.emit as (this: http.Server, event: string, ...rest: unknown[]) => boolean;

http.Server.prototype.emit = function (this: http.Server, event: string, ...rest: unknown[]): boolean {
  const onward = () => emit.call(this, event, ...rest);
  if (event !== "request") return onward();
  const [request, response] = rest as [http.IncomingMessage, http.ServerResponse<http.IncomingMessage>];
  if (process.env["GROUNDWORK_UNCACHED"]) keepUncached(response);
  withAccessCheck(onward)(request, response);
  return true;
};

/** An edited page file shows at the next load: the browser asks again, however long it may cache it. */
function keepUncached(response: http.ServerResponse): void {
  const writeHead = response.writeHead.bind(response) as (...args: unknown[]) => http.ServerResponse;
  response.writeHead = (...args: unknown[]) => {
    const given = args.at(-1);
    if (typeof given === "object" && given !== null && "cache-control" in given)
      return writeHead(...args.slice(0, -1), { ...given, "cache-control": "no-cache" });
    if (response.hasHeader("cache-control")) response.setHeader("cache-control", "no-cache");
    return writeHead(...args);
  };
}

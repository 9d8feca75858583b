// Loaded before the web app, which on AWS only its load balancer reaches: here its own port has the same check as every server of the sandbox.
import * as http from "node:http";
import { withAccessCheck } from "./access";

const emit = http.Server.prototype.emit as (this: http.Server, event: string, ...rest: unknown[]) => boolean;

http.Server.prototype.emit = function (this: http.Server, event: string, ...rest: unknown[]): boolean {
  const onward = () => emit.call(this, event, ...rest);
  if (event !== "request") return onward();
  const [request, response] = rest as [http.IncomingMessage, http.ServerResponse<http.IncomingMessage>];
  withAccessCheck(onward)(request, response);
  return true;
};

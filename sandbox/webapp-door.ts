// Loaded before the web app, which on AWS only its load balancer reaches: here its own port stands behind the same door.
import * as http from "node:http";
import { behindDoor } from "./doorkeeper";

const emit = http.Server.prototype.emit as (this: http.Server, event: string, ...rest: unknown[]) => boolean;

http.Server.prototype.emit = function (this: http.Server, event: string, ...rest: unknown[]): boolean {
  const onward = () => emit.call(this, event, ...rest);
  if (event !== "request") return onward();
  const [request, response] = rest as [http.IncomingMessage, http.ServerResponse<http.IncomingMessage>];
  behindDoor(onward)(request, response);
  return true;
};

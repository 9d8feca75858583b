import { createRequire } from "node:module";
import type * as Protocol from "@pulumi/pulumi/proto/engine_pb";

// From Pulumi's own packages, whose protocol this is.
const pulumi = createRequire(require.resolve("@pulumi/pulumi/package.json"));

interface EngineClient {
  log(request: Protocol.LogRequest, done: (error: Error | null) => void): void;
}

/** The calling engines, each by its connection: a message to one appears in its command's output, below its plan. */
export class Engines {
  private readonly known = new Map<string, EngineClient>();

  attach(caller: string, address: string): void {
    const { EngineClient } = pulumi("./proto/engine_grpc_pb") as {
      EngineClient: new (address: string, credentials: unknown) => EngineClient;
    };
    const { credentials } = pulumi("@grpc/grpc-js") as { credentials: { createInsecure(): unknown } };
    this.known.set(caller, new EngineClient(address, credentials.createInsecure()));
  }

  /** Warns about a resource; an engine that has given no address gets nothing. */
  async warn(caller: string, urn: string, message: string): Promise<void> {
    const engine = this.known.get(caller);
    if (!engine) return;
    const { LogRequest, LogSeverity } = pulumi("./proto/engine_pb") as typeof Protocol;
    const request = new LogRequest();
    request.setSeverity(LogSeverity.WARNING);
    request.setUrn(urn);
    request.setMessage(message);
    await new Promise<void>((resolve, reject) =>
      engine.log(request, (error) => (error ? reject(error) : resolve())),
    );
  }
}

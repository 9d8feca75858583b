// Asks a provider as Pulumi's engine does, by its protocol.
import { createRequire } from "node:module";

const pulumi = createRequire(require.resolve("@pulumi/pulumi/package.json"));

export type Values = Record<string, unknown>;
/* eslint-disable @typescript-eslint/no-explicit-any -- a message has the setters of its own type */
type Message = any;
type Unary = (request: Message, done: (error: Error | null, answer: Message) => void) => unknown;
/* eslint-enable @typescript-eslint/no-explicit-any */

export const URN = (type: string, name: string) => `urn:pulumi:sandbox::groundwork::${type}::${name}`;

export class ProviderClient {
  private readonly client: Record<string, Unary> & { close(): void };
  private readonly messages = pulumi("./proto/provider_pb") as Record<string, new () => Message>;
  private readonly struct = (
    pulumi("google-protobuf/google/protobuf/struct_pb") as {
      Struct: { fromJavaScript(one: Values): Message };
    }
  ).Struct;

  constructor(address: string) {
    const { ResourceProviderClient } = pulumi("./proto/provider_grpc_pb") as Message;
    const { credentials } = pulumi("@grpc/grpc-js") as Message;
    // The engine opens a connection for each provider of a program.
    const own = { "grpc.use_local_subchannel_pool": 1 };
    this.client = new ResourceProviderClient(address, credentials.createInsecure(), own);
  }

  close(): void {
    this.client.close();
  }

  async configure(args: Values): Promise<{ preview: boolean; secrets: boolean }> {
    const answer = await this.ask("configure", "ConfigureRequest", { Args: args });
    return { preview: answer.getSupportspreview(), secrets: answer.getAcceptsecrets() };
  }

  /** Says where the engine is told what stands below its plan. */
  async attach(address: string): Promise<void> {
    const { PluginAttach } = pulumi("./proto/plugin_pb") as Record<string, new () => Message>;
    const request = new PluginAttach!();
    request.setAddress(address);
    await new Promise((resolve, reject) =>
      this.client["attach"]!(request, (error, answer) => (error ? reject(error) : resolve(answer))),
    );
  }

  async check(urn: string, news: Values, olds?: Values): Promise<Values> {
    const answer = await this.ask("check", "CheckRequest", {
      Urn: urn,
      News: news,
      ...(olds && { Olds: olds }),
    });
    return answer.getInputs().toJavaScript();
  }

  async diff(urn: string, id: string, inputs: Values, outputs: Values, news: Values) {
    const asked = { Urn: urn, Id: id, OldInputs: inputs, Olds: outputs, News: news };
    const answer = await this.ask("diff", "DiffRequest", asked);
    return {
      changed: answer.getDiffsList() as string[],
      replaces: answer.getReplacesList() as string[],
      deleteFirst: answer.getDeletebeforereplace() as boolean,
    };
  }

  async create(urn: string, inputs: Values, preview = false): Promise<{ id: string; outputs: Values }> {
    const answer = await this.ask("create", "CreateRequest", {
      Urn: urn,
      Properties: inputs,
      Preview: preview,
    });
    return { id: answer.getId(), outputs: answer.getProperties().toJavaScript() };
  }

  async update(urn: string, id: string, inputs: Values, outputs: Values, news: Values, preview = false) {
    const asked = { Urn: urn, Id: id, OldInputs: inputs, Olds: outputs, News: news, Preview: preview };
    return (await this.ask("update", "UpdateRequest", asked)).getProperties().toJavaScript() as Values;
  }

  async read(
    urn: string,
    id: string,
    inputs: Values,
    outputs: Values,
  ): Promise<{ id: string; inputs: Values; outputs: Values }> {
    const answer = await this.ask("read", "ReadRequest", {
      Urn: urn,
      Id: id,
      Inputs: inputs,
      Properties: outputs,
    });
    return {
      id: answer.getId(),
      inputs: answer.getInputs().toJavaScript(),
      outputs: answer.getProperties().toJavaScript(),
    };
  }

  async delete(urn: string, id: string, inputs: Values, outputs: Values): Promise<void> {
    await this.ask("delete", "DeleteRequest", { Urn: urn, Id: id, OldInputs: inputs, Properties: outputs });
  }

  async invoke(token: string, args: Values): Promise<Values> {
    return (await this.ask("invoke", "InvokeRequest", { Tok: token, Args: args })).getReturn().toJavaScript();
  }

  private ask(method: string, type: string, fields: Values): Promise<Message> {
    const request = new this.messages[type]!();
    for (const [name, value] of Object.entries(fields))
      request[`set${name}`](typeof value === "object" ? this.struct.fromJavaScript(value as Values) : value);
    return new Promise((resolve, reject) =>
      this.client[method]!(request, (error, answer) => (error ? reject(error) : resolve(answer))),
    );
  }
}

/** The engine's side of a provider's words about a resource. */
export async function listeningEngine(heard: (urn: string, message: string) => void) {
  const { Server, ServerCredentials } = pulumi("@grpc/grpc-js") as Message;
  const { EngineService } = pulumi("./proto/engine_grpc_pb") as Message;
  const { Empty } = pulumi("google-protobuf/google/protobuf/empty_pb") as Message;
  const server = new Server();
  server.addService(EngineService, {
    log({ request }: Message, done: (error: null, answer: Message) => void) {
      heard(request.getUrn(), request.getMessage());
      done(null, new Empty());
    },
  });
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync(
      "127.0.0.1:0",
      ServerCredentials.createInsecure(),
      (error: Error | null, bound: number) => (error ? reject(error) : resolve(bound)),
    ),
  );
  return { address: `127.0.0.1:${port}`, close: () => server.forceShutdown() as void };
}

// Pulumi's protocol of a resource provider. The SDK has a server for it, but hides from a provider whether a call belongs to a preview, what
// the arguments were before, and which provider of the program is meant.
import { createRequire } from "node:module";
import type { PluginAttach } from "@pulumi/pulumi/proto/plugin_pb";
import type * as Protocol from "@pulumi/pulumi/proto/provider_pb";
import { messageOf } from "../problem";
import { Inputs } from "../engine/types";
import { isOwn } from "./caller";
import { Engines } from "./engines";
import { partsOf } from "./values";

// From Pulumi's own packages, whose protocol this is.
const pulumi = createRequire(require.resolve("@pulumi/pulumi/package.json"));
const grpc = pulumi("@grpc/grpc-js") as Grpc;

/** The part of gRPC that is used here. */
interface Grpc {
  Server: new (options: object) => {
    addService(service: unknown, methods: object): void;
    bindAsync(address: string, how: unknown, done: (error: Error | null, port: number) => void): void;
  };
  ServerCredentials: { createInsecure(): unknown };
  status: { UNKNOWN: number; PERMISSION_DENIED: number };
}

interface Call<Request> {
  request: Request;
  /** The other end of the connection. */
  getPeer(): string;
}

type Answer = (error: { code: number; details: string } | null, answer?: unknown) => void;

interface Struct {
  toJavaScript(): unknown;
}

/** A resource that the engine asks about, as one of the program's providers knows it. */
export interface Asked {
  urn: string;
  type: string;
  name: string;
  /** Which of the program's providers is called. */
  caller: string;
  /** Nothing may be done. @default false */
  preview?: boolean;
}

/** The existing resource, from the state. */
export interface Kept {
  id: string;
  inputs: Inputs;
  outputs: Inputs;
}

export interface Difference {
  changed: string[];
  replaces: string[];
  deleteBeforeReplace: boolean;
  /** What else a reader of the plan should know. */
  remarks: string[];
}

/** A provider, which takes and returns values as they are sent; secrets arrive unwrapped, and the engine remembers that they are secret. */
export interface Provider {
  /** A provider of the program, with its settings. */
  configure(caller: string, settings: Inputs): void;
  /** The arguments with defaults for what the program leaves open; refuses what cannot be created. */
  check(asked: Asked, before: Inputs | undefined, inputs: Inputs): Inputs;
  diff(asked: Asked, kept: Kept, inputs: Inputs): Promise<Difference>;
  create(asked: Asked, inputs: Inputs): Promise<{ id: string; outputs: Inputs }>;
  update(asked: Asked, kept: Kept, inputs: Inputs): Promise<Inputs>;
  delete(asked: Asked, kept: Kept): Promise<void>;
  /** Its current state; undefined if it does not exist. */
  read(asked: Asked, kept: Kept): Promise<Kept | undefined>;
  invoke(caller: string, token: string, inputs: Inputs): Promise<Inputs>;
}

/** Newer than whatever the SDK asks for. */
const VERSION = "999.0.0";

/** Serves it on this machine only, to programs of the same user. Returns the port. */
export async function serve(provider: Provider): Promise<number> {
  const { ResourceProviderService } = pulumi("./proto/provider_grpc_pb") as {
    ResourceProviderService: unknown;
  };
  // A page's script, or a function's zip, is longer than gRPC's default limit.
  const server = new grpc.Server({
    "grpc.max_receive_message_length": -1,
    "grpc.max_send_message_length": -1,
  });
  let port: number;
  server.addService(
    ResourceProviderService,
    methodsOf(provider, (caller) => isOwn(caller, port)),
  );
  return new Promise((resolve, reject) =>
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve((port = bound)),
    ),
  );
}

type Method<Request> = (request: Request, caller: string) => unknown;

/** A method of the service: refuses strangers, and reports an error in its own words. */
const answering =
  <Request>(method: Method<Request>, mayAsk: (caller: string) => boolean) =>
  (call: Call<Request>, callback: Answer): void => {
    const { UNKNOWN, PERMISSION_DENIED } = grpc.status;
    const caller = call.getPeer();
    const refuse = (code: number, details: string) => callback({ code, details });
    if (!mayAsk(caller)) return refuse(PERMISSION_DENIED, "this provider serves its own user alone");
    Promise.resolve()
      .then(() => method(call.request, caller))
      .then(
        (answer) => callback(null, answer),
        (error: unknown) => refuse(UNKNOWN, messageOf(error)),
      );
  };

function methodsOf(provider: Provider, mayAsk: (caller: string) => boolean): object {
  const protocol = pulumi("./proto/provider_pb") as typeof Protocol;
  const { PluginInfo } = pulumi("./proto/plugin_pb") as {
    PluginInfo: new () => { setVersion(version: string): unknown };
  };
  const { Empty } = pulumi("google-protobuf/google/protobuf/empty_pb") as { Empty: new () => object };
  const structs = pulumi("google-protobuf/google/protobuf/struct_pb") as {
    Struct: { fromJavaScript(values: Inputs): never };
  };
  const given = (struct: Struct | undefined): Inputs => (struct?.toJavaScript() ?? {}) as Inputs;
  const sent = (values: Inputs) => structs.Struct.fromJavaScript(values);
  const standing = (request: { getId(): string }, inputs?: Struct, outputs?: Struct): Kept => ({
    id: request.getId(),
    inputs: given(inputs),
    outputs: given(outputs),
  });
  const asked = (request: { getUrn(): string; getPreview?(): boolean }, caller: string): Asked => {
    const urn = request.getUrn();
    return { urn, ...partsOf(urn), caller, preview: request.getPreview?.() ?? false };
  };
  const engines = new Engines();
  const methods = {
    attach(request: PluginAttach, caller: string) {
      engines.attach(caller, request.getAddress());
      return new Empty();
    },
    cancel: () => new Empty(),
    getPluginInfo() {
      const info = new PluginInfo();
      info.setVersion(VERSION);
      return info;
    },
    configure(request: Protocol.ConfigureRequest, caller: string) {
      provider.configure(caller, given(request.getArgs()));
      const answer = new protocol.ConfigureResponse();
      answer.setSupportspreview(true);
      return answer;
    },
    check(request: Protocol.CheckRequest, caller: string) {
      const before = request.hasOlds() ? given(request.getOlds()) : undefined;
      const answer = new protocol.CheckResponse();
      answer.setInputs(sent(provider.check(asked(request, caller), before, given(request.getNews()))));
      return answer;
    },
    async diff(request: Protocol.DiffRequest, caller: string) {
      const kept = standing(request, request.getOldInputs(), request.getOlds());
      const { changed, replaces, deleteBeforeReplace, remarks } = await provider.diff(
        asked(request, caller),
        kept,
        given(request.getNews()),
      );
      for (const remark of remarks) await engines.warn(caller, request.getUrn(), remark);
      const { DIFF_SOME, DIFF_NONE } = protocol.DiffResponse.DiffChanges;
      const answer = new protocol.DiffResponse();
      answer.setChanges(changed.length > 0 ? DIFF_SOME : DIFF_NONE);
      answer.setDiffsList(changed);
      answer.setReplacesList(replaces);
      answer.setDeletebeforereplace(deleteBeforeReplace);
      return answer;
    },
    async create(request: Protocol.CreateRequest, caller: string) {
      const { id, outputs } = await provider.create(asked(request, caller), given(request.getProperties()));
      const answer = new protocol.CreateResponse();
      answer.setId(id);
      answer.setProperties(sent(outputs));
      return answer;
    },
    async update(request: Protocol.UpdateRequest, caller: string) {
      const kept = standing(request, request.getOldInputs(), request.getOlds());
      const outputs = await provider.update(asked(request, caller), kept, given(request.getNews()));
      const answer = new protocol.UpdateResponse();
      answer.setProperties(sent(outputs));
      return answer;
    },
    async delete(request: Protocol.DeleteRequest, caller: string) {
      const kept = standing(request, request.getOldInputs(), request.getProperties());
      await provider.delete(asked(request, caller), kept);
      return new Empty();
    },
    async read(request: Protocol.ReadRequest, caller: string) {
      const kept = standing(request, request.getInputs(), request.getProperties());
      const found = await provider.read(asked(request, caller), kept);
      const answer = new protocol.ReadResponse();
      answer.setId(found?.id ?? "");
      answer.setProperties(sent(found?.outputs ?? {}));
      answer.setInputs(sent(found?.inputs ?? {}));
      return answer;
    },
    async invoke(request: Protocol.InvokeRequest, caller: string) {
      const answer = new protocol.InvokeResponse();
      answer.setReturn(sent(await provider.invoke(caller, request.getTok(), given(request.getArgs()))));
      return answer;
    },
  };
  return Object.fromEntries(
    Object.entries(methods).map(([name, method]) => [name, answering(method as Method<unknown>, mayAsk)]),
  );
}

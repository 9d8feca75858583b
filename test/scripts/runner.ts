// Pulumi's own runner of a Node.js program, as its language host starts it, without the CLI: here are the two services that it talks to,
// which note what they are told.
import { spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import * as path from "node:path";
import * as grpc from "@grpc/grpc-js";
import { newFolder } from "../folder";

const ROOT = path.join(__dirname, "../..");

/* eslint-disable @typescript-eslint/no-explicit-any -- Pulumi ships its protocol without types */
const engine: any = require("@pulumi/pulumi/proto/engine_grpc_pb");
const monitor: any = require("@pulumi/pulumi/proto/resource_grpc_pb");
const { LogSeverity }: any = require("@pulumi/pulumi/proto/engine_pb");
const messages: any = require("@pulumi/pulumi/proto/resource_pb");
const { Empty } = require("google-protobuf/google/protobuf/empty_pb");

type Answer = (error: Error | null, message: unknown) => void;
const answers =
  (message: (request: any) => unknown) =>
  ({ request }: { request: any }, done: Answer) =>
    done(null, message(request));
/* eslint-enable @typescript-eslint/no-explicit-any */

export interface Told {
  code: number | null;
  debug: string[];
  info: string[];
  /** Without colours. */
  errors: string[];
}

/** Runs our main.cjs with another index.ts and the files beside it. */
export async function runMain(
  files: Record<string, string>,
  env: Record<string, string> = {},
): Promise<Told> {
  const folder = newFolder("groundwork-main");
  const told: Told = { code: null, debug: [], info: [], errors: [] };
  const server = new grpc.Server();
  serve(server, told);
  try {
    for (const [name, text] of Object.entries({ "package.json": "{}", ...files }))
      fs.writeFileSync(path.join(folder, name), text);
    fs.copyFileSync(path.join(ROOT, "main.cjs"), path.join(folder, "main.cjs"));
    for (const name of ["scripts", "node_modules"])
      fs.symlinkSync(path.join(ROOT, name), path.join(folder, name));
    const address = `127.0.0.1:${await listen(server)}`;
    const runner = require.resolve("@pulumi/pulumi/cmd/run");
    const to = [`--monitor=${address}`, `--engine=${address}`, "--project=test", "--stack=test"];
    const child = spawn(process.execPath, [runner, ...to, `--pwd=${folder}`, "--dry-run", "main.cjs"], {
      env: { ...process.env, ...env },
      stdio: ["ignore", "inherit", "inherit"],
    });
    [told.code] = (await once(child, "exit")) as [number | null];
    return told;
  } finally {
    server.forceShutdown();
  }
}

function serve(server: grpc.Server, told: Told): void {
  const listOf = {
    [LogSeverity.DEBUG]: told.debug,
    [LogSeverity.INFO]: told.info,
    [LogSeverity.ERROR]: told.errors,
  };
  server.addService(engine.EngineService, {
    log: answers((request) => {
      listOf[request.getSeverity()]?.push(request.getMessage().replace(/\x1b\[\d+m/g, ""));
      return new Empty();
    }),
  });
  server.addService(monitor.ResourceMonitorService, {
    supportsFeature: answers(() => new messages.SupportsFeatureResponse()),
    registerResource: answers((request) => {
      const response = new messages.RegisterResourceResponse();
      response.setUrn(`urn:pulumi:test::test::${request.getType()}::${request.getName()}`);
      return response;
    }),
    registerResourceOutputs: answers(() => new Empty()),
    signalAndWaitForShutdown: answers(() => new Empty()),
  });
}

const listen = (server: grpc.Server) =>
  new Promise<number>((resolve, reject) =>
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) =>
      error ? reject(error) : resolve(port),
    ),
  );

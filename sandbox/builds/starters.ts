import { execFileSync, spawn } from "node:child_process";
import * as fs from "node:fs";
import * as http from "node:http";
import * as path from "node:path";
import { Paths, root } from "../paths";
import { bodyOf, LocalServer, Refusal, targetOf } from "../server";

const SOURCES = path.join(root, "examples", "projects");
/** Read-only. */
const ROUTE = /^\/([a-z0-9-]+)\.git(\/info\/refs|\/git-upload-pack)$/;
const AUTHOR = { name: "Groundwork", email: "starters@example.com", date: "2026-01-01T00:00:00Z" };
const LONGEST_HEAD = 16_384;

/** A small repository for each kind that the sandbox can build, served read-only over Git's own HTTP. */
export class Starters {
  private readonly server: LocalServer;

  constructor(
    private readonly paths: Paths,
    note: (line: string) => void,
  ) {
    this.server = new LocalServer("starters", (request, response) => this.answer(request, response), note);
  }

  /** Returns their address, with a slash at the end. */
  async start(): Promise<string> {
    return `http://127.0.0.1:${await this.server.start()}/`;
  }

  stop(): Promise<void> {
    return this.server.stop();
  }

  static names(): string[] {
    return fs.readdirSync(SOURCES).filter((name) => fs.statSync(path.join(SOURCES, name)).isDirectory());
  }

  private async answer(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const { path: asked, query } = targetOf(request);
    const [, name = "", route = ""] = ROUTE.exec(asked) ?? [];
    const reads = route === "/info/refs" ? "GET" : "POST";
    const forReading = route !== "/info/refs" || query.get("service") === "git-upload-pack";
    if (request.method !== reads || !forReading || !Starters.names().includes(name))
      throw new Refusal(
        404,
        `Here are ${Starters.names()
          .map((one) => `${one}.git`)
          .join(", ")}, for git to clone.`,
      );
    repository(this.paths, name);
    await this.hand(request, response, asked, query);
  }

  /** Through Git's own program for this, which speaks CGI. */
  private async hand(
    request: http.IncomingMessage,
    response: http.ServerResponse,
    asked: string,
    query: URLSearchParams,
  ): Promise<void> {
    const body = await bodyOf(request);
    const { headers } = request;
    const backend = spawn("git", ["http-backend"], {
      env: {
        PATH: process.env["PATH"],
        HOME: this.paths.repositories,
        GIT_CONFIG_NOSYSTEM: "1",
        GIT_HTTP_EXPORT_ALL: "1",
        GIT_PROJECT_ROOT: this.paths.repositories,
        PATH_INFO: asked,
        QUERY_STRING: query.toString(),
        REQUEST_METHOD: request.method,
        CONTENT_TYPE: headers["content-type"] ?? "",
        CONTENT_LENGTH: String(body.length),
        HTTP_CONTENT_ENCODING: String(headers["content-encoding"] ?? ""),
        GIT_PROTOCOL: String(headers["git-protocol"] ?? ""),
      },
      stdio: ["pipe", "pipe", "ignore"],
    });
    backend.stdin.on("error", () => {}); // it has ended before it read everything
    backend.stdin.end(body);
    response.once("close", () => backend.kill());
    const ended = new Promise((resolve, reject) => backend.once("error", reject).once("close", resolve));
    ended.catch(() => {});
    let head = Buffer.alloc(0);
    for await (const part of backend.stdout as AsyncIterable<Buffer>) {
      if (response.headersSent) {
        response.write(part);
        continue;
      }
      head = Buffer.concat([head, part]);
      const end = head.indexOf("\r\n\r\n");
      if (end < 0 && head.length < LONGEST_HEAD) continue;
      const lines = head
        .subarray(0, end)
        .toString()
        .split("\r\n")
        .map((line) => line.split(/: (.*)/s, 2));
      const fields = new Map(lines.map(([name = "", value = ""]) => [name.toLowerCase(), value]));
      const status = parseInt(fields.get("status") ?? "200", 10);
      fields.delete("status");
      response.writeHead(status, Object.fromEntries(fields)).write(head.subarray(end + 4));
    }
    await ended;
    if (!response.headersSent) throw new Refusal(502, "git http-backend gave no answer.");
    response.end();
  }
}

/** The bare repository of a starter, created with one commit when it is first asked for. */
function repository({ repositories }: Paths, name: string): string {
  const folder = path.join(repositories, `${name}.git`);
  if (fs.existsSync(folder)) return folder;
  const made = `${folder}.new`;
  fs.rmSync(made, { recursive: true, force: true });
  fs.mkdirSync(repositories, { recursive: true, mode: 0o700 });
  const git = (...args: string[]) =>
    execFileSync("git", args, {
      cwd: path.join(SOURCES, name),
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        PATH: process.env["PATH"],
        HOME: repositories,
        GIT_CONFIG_NOSYSTEM: "1",
        ...Object.fromEntries(
          ["AUTHOR", "COMMITTER"].flatMap((who) =>
            Object.entries(AUTHOR).map(([key, value]) => [`GIT_${who}_${key.toUpperCase()}`, value]),
          ),
        ),
      },
    }).trim();
  git("init", "--quiet", "--bare", "--initial-branch=main", made);
  const work = ["--git-dir", made, "--work-tree", path.join(SOURCES, name)];
  git(...work, "add", "--all", "--force", ".");
  git(...work, "commit", "--quiet", "--message", "Begin");
  fs.rmSync(path.join(made, "index"));
  fs.renameSync(made, folder);
  return folder;
}

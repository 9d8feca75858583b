import { strict as assert } from "node:assert";
import * as fs from "node:fs";
import * as path from "node:path";
import { load } from "js-yaml";
import { freePort } from "../../sandbox/ports";
import { messageOf, until } from "../../sandbox/problem";
import { deployFolder, Machine } from "./scripts";

const image = (name: string, digit: string) => `${name}/web@sha256:${digit.repeat(64)}`;
const envOf = (reference: string) => `IMAGE=${reference}\n`;

/** A server as its first boot leaves it, and CodeDeploy's way with a bundle. */
class Server extends Machine {
  port = 0;

  static async booted(first: string): Promise<Server> {
    const server = new Server();
    server.port = await freePort();
    fs.writeFileSync(path.join(server.etc, "web.env"), `AWS_REGION=eu-west-1\nPORT=${server.port}\n`);
    fs.writeFileSync(path.join(server.etc, "image.env"), envOf(first));
    await server.hook("start", server.bundle("boot", envOf(first)));
    fs.writeFileSync(path.join(server.folder, "calls"), "");
    return server;
  }

  bundle(name: string, imageEnv: string): string {
    const folder = path.join(this.folder, name);
    fs.cpSync(path.join(deployFolder, "hooks"), path.join(folder, "hooks"), { recursive: true });
    fs.writeFileSync(path.join(folder, "image.env"), imageEnv);
    return folder;
  }

  hook(name: string, bundle: string) {
    return this.run(path.join(bundle, "hooks", `${name}.sh`), {
      GROUNDWORK_HEALTH_SECONDS: "3",
      GROUNDWORK_HEALTH_PAUSE: "0.1",
    });
  }

  /** The hooks in CodeDeploy's order, until one fails. */
  async deploy(reference: string) {
    const bundle = this.bundle("release", envOf(reference));
    for (const name of ["stop", "start", "validate"]) {
      const { code, output } = await this.hook(name, bundle);
      if (code !== 0) return { failed: name, output };
    }
    return { failed: undefined, output: "" };
  }

  async answers(): Promise<[number, string]> {
    const response = await fetch(`http://127.0.0.1:${this.port}/health`);
    return [response.status, await response.text()];
  }
}

describe("the deployment's hooks", () => {
  let server: Server;
  const old = image("old", "1");

  beforeEach(async () => {
    server = await Server.booted(old);
  });
  afterEach(() => server.end());

  it("are the ones that appspec.yml names, in the order of their events", () => {
    const appspec = load(fs.readFileSync(path.join(deployFolder, "appspec.yml"), "utf8")) as {
      hooks: Record<string, { location: string }[]>;
    };
    assert.deepEqual(
      Object.entries(appspec.hooks).map(([event, hooks]) => [event, hooks.map((hook) => hook.location)]),
      [
        ["ApplicationStop", ["hooks/stop.sh"]],
        ["ApplicationStart", ["hooks/start.sh"]],
        ["ValidateService", ["hooks/validate.sh"]],
      ],
    );
  });

  it("stop the old release, start the new one by its digest, and clean up once it answers", async () => {
    const next = image("next", "2");
    assert.deepEqual(await server.deploy(next), { failed: undefined, output: "" });
    assert.deepEqual(await server.answers(), [200, next]);
    assert.equal(server.read("image.env"), envOf(next));
    assert.equal(server.read("image.previous.env"), envOf(old));
    assert.deepEqual(
      server.calls().filter((call) => !call.startsWith("docker run")),
      [
        "systemctl stop groundwork-web",
        "systemctl start docker",
        `docker pull --quiet ${next}`,
        "systemctl restart groundwork-web",
        "docker image prune --all --force",
      ],
    );
  });

  for (const kind of ["broken", "flaky"])
    it(`refuse a ${kind} release, and restore the old one`, async () => {
      const { failed, output } = await server.deploy(image(kind, "3"));
      assert.equal(failed, "validate");
      assert.match(output, /No 200 from \/health within 3 seconds\nThe previous image is back/);
      assert.deepEqual(await server.answers(), [200, old]);
      assert.equal(server.read("image.env"), envOf(old));
    });

  it("refuse a release without its image, while the old one keeps running", async () => {
    const { failed, output } = await server.deploy(image("missing", "4"));
    assert.equal(failed, "start");
    assert.match(output, /cannot be pulled: the previous image runs on/);
    await until("An answer of the old release", () => server.answers().catch(messageOf), {
      wanted: ([, release]) => release === old,
    });
    assert.equal(server.read("image.env"), envOf(old));
  });

  it("refuse an image that is named by a tag", async () => {
    const { failed, output } = await server.deploy("old/web:live");
    assert.equal(failed, "start");
    assert.match(output, /image.env names no image by digest: 'old\/web:live'/);
  });

  it("keep the previous release, however often the same one is deployed", async () => {
    const next = image("next", "2");
    await server.deploy(next);
    await server.deploy(next);
    assert.equal(server.read("image.previous.env"), envOf(old));
  });

  it("refuse the new release if neither it nor the old one answers", async () => {
    fs.writeFileSync(path.join(server.etc, "image.env"), envOf(image("broken", "6")));
    const { failed, output } = await server.deploy(image("broken", "7"));
    assert.equal(failed, "validate");
    assert.match(output, /The previous image does not answer either/);
  });
});

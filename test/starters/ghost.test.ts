// Ghost with a theme of a team's own, by its own setup and admin API, on a database that takes TLS only.
import { strict as assert } from "node:assert";
import { PNG, upload } from "./picture";
import { OneServer } from "./one-server";
import { starter } from "./projects";

const OWNER = { name: "Owner", email: "owner@example.org", password: "correct-horse-battery-7" };

describe("a Ghost", function () {
  this.timeout(900_000);
  const ghost = OneServer.of("ghost");

  /** Calls the admin API as the owner's browser does. */
  async function admin(method: string, route: string, body?: object | FormData, cookie = "") {
    const answer = await ghost.running.ask(`/ghost/api/admin/${route}`, {
      method,
      headers: {
        origin: ghost.running.address,
        ...(cookie && { cookie }),
        ...(body && !(body instanceof FormData) && { "content-type": "application/json" }),
      },
      ...(body && { body: body instanceof FormData ? body : JSON.stringify(body) }),
    });
    assert.ok(answer!.status < 300, `${route}: ${answer!.status} ${await answer!.clone().text()}`);
    return answer!;
  }

  it("keeps a post and a picture over a restart, and shows its repository's theme as it is now", async function () {
    const files = starter("ghost");
    const server = await ghost.begin(this, files);
    await server.answers("/");

    await admin("POST", "authentication/setup/", { setup: [{ ...OWNER, blogTitle: "Notes" }] });
    const login = { username: OWNER.email, password: OWNER.password };
    const session = await admin("POST", "session/", login);
    const cookie = session.headers.getSetCookie()[0]!.split(";")[0]!;
    await admin("PUT", "themes/starter/activate/", undefined, cookie);
    const { images } = await (await admin("POST", "images/upload/", upload("file"), cookie)).json();
    const where = (url: string) => new URL(url).pathname;
    // Ghost makes it smaller.
    const picture = async () => Buffer.from(await (await server.answers(where(images[0].url))).arrayBuffer());
    const uploaded = await picture();
    assert.deepEqual(uploaded.subarray(0, PNG.length), PNG);
    const post = { title: "First's", html: "<p>Kept.</p>", status: "published" };
    const { posts } = await (await admin("POST", "posts/?source=html", { posts: [post] }, cookie)).json();

    const changed = "themes/starter/index.hbs";
    const later = {
      ...files,
      [changed]: files[changed]!.replace("It works", "It changed"),
      "settings/routes.yaml":
        "routes: { /overview/: { controller: channel, template: index } }\ncollections: { /: { permalink: '/{slug}/' } }\n",
    };
    assert.equal((await server.ask("/overview/"))?.status, 404);
    assert.match(await (await server.answers("/")).text(), /<h1>It works<\/h1>/);
    server.stop();
    ghost.build(later);
    server.start();
    const page = await (await server.answers("/")).text();
    assert.match(page, /<h1>It changed<\/h1>/);
    assert.match(page, /First&#x27;s/);
    assert.match(await (await server.answers("/overview/")).text(), /<h1>It changed<\/h1>/);
    assert.match(await (await server.answers(where(posts[0].url))).text(), /<p>Kept\.<\/p>/);
    assert.deepEqual(await picture(), uploaded);
    // From another browser; no mail can be sent.
    await admin("POST", "session/", login);
  });
});

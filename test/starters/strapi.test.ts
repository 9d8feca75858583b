// Strapi with a type of content, by its own admin API, on a database that takes TLS only.
import { strict as assert } from "node:assert";
import { PNG, upload } from "./picture";
import { OneServer } from "./one-server";
import { starter } from "./projects";

const OWNER = { firstname: "Owner", email: "owner@example.org", password: "Correct-horse-battery-7" };

describe("a Strapi", function () {
  this.timeout(900_000);
  const strapi = OneServer.of("strapi");

  async function admin(route: string, body: object | FormData, token = "") {
    const answer = await strapi.running.ask(route, {
      method: "POST",
      headers: {
        ...(token && { authorization: `Bearer ${token}` }),
        ...(!(body instanceof FormData) && { "content-type": "application/json" }),
      },
      body: body instanceof FormData ? body : JSON.stringify(body),
    });
    assert.ok(answer!.status < 300, `${route}: ${answer!.status} ${await answer!.clone().text()}`);
    return answer!.json();
  }
  const notes = async () => {
    const { data } = await (await strapi.running.answers("/api/notes")).json();
    return data.map(({ text }: { text: string }) => text);
  };

  it("keeps a note, a picture and who is logged in over a restart, and has its admin panel", async function () {
    const server = await strapi.begin(this, starter("strapi"));
    const page = await server.answers("/");
    assert.equal(new URL(page.url).pathname, "/admin");
    assert.match(await page.text(), /<div id="strapi">/);

    const { data } = await admin("/admin/register-admin", OWNER);
    const write = (text: string) =>
      admin("/content-manager/collection-types/api::note.note", { text }, data.token);
    await write("First's");
    const [{ url }] = await admin("/upload", upload("files"), data.token);
    // Strapi makes it smaller.
    const picture = async () => {
      const answer = await server.answers(new URL(url, server.address).pathname);
      return Buffer.from(await answer.arrayBuffer());
    };
    const uploaded = await picture();
    assert.deepEqual(uploaded.subarray(0, PNG.length), PNG);

    server.stop();
    server.start();
    assert.deepEqual(await notes(), ["First's"]);
    assert.deepEqual(await picture(), uploaded);
    await write("Second's");
    assert.deepEqual(await notes(), ["First's", "Second's"]);
  });
});

// Programs that keep notes: their images, on a database that takes TLS only.
import { strict as assert } from "node:assert";
import { images } from "../../functions/provisioner/builds";
import { some } from "../some";
import { Projects, Server, starter } from "./projects";

describe("an image of a starter, built by Docker,", function () {
  this.timeout(900_000);
  let projects: Projects | undefined;

  before(function () {
    projects = Projects.ready(this);
  });
  after(() => projects?.close());

  /** The names of the scripts and styles that a page asks for and gets. */
  async function loaded(server: Server, page: string) {
    const asked = [...page.matchAll(/ (?:src|href)="\/?([^":]+\.(?:js|css))"/g)].map(([, file]) => file!);
    const answers = await Promise.all(asked.map((file) => server.ask(`/${file}`)));
    return asked
      .filter((_, index) => answers[index]?.status === 200)
      .map((file) => file.replace(/-[\w-]{8,64}\.(js|css)$/, "-SUM.$1"));
  }

  for (const [framework, name, files] of some<[string, string, string[]]>([
    ["node", "express", []],
    ["flask", "flask", []],
    ["php", "php", []],
    ["mean", "mean", ["main-SUM.js"]],
    ["rails", "rails", ["assets/application-SUM.css"]],
  ]))
    it(`serves ${name}, writes a row, and finds it again after a restart`, async function () {
      projects!.needs(this, framework);
      const tag = projects!.build(framework, name, starter(name));
      const secrets: Record<string, string> =
        framework === "mean" ? { MONGODB_URI: await projects!.mongo() } : {};
      const server = await projects!.server(framework, tag, secrets);
      try {
        server.start();
        const page = await (await server.answers("/")).text();
        // Angular's says so in a browser only.
        assert.match(page, framework === "mean" ? /<app-root>/ : /<h1>It works<\/h1><p>Notes: 0<\/p>/);
        assert.deepEqual(await loaded(server, page), files);
        assert.equal((await server.ask("/notes", { method: "POST", body: "First's" }))?.status, 201);
        server.stop();
        server.start();
        assert.deepEqual(await (await server.answers("/notes")).json(), ["First's"]);
        if (images[framework]!.served) assert.equal((await server.ask("/.htaccess"))?.status, 403);
      } finally {
        server.remove();
      }
    });
});

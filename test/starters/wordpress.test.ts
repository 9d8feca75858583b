// WordPress with a theme of a team's own, by its own installer and admin pages, on a database that takes TLS only.
import { strict as assert } from "node:assert";
import { PICTURE, upload } from "./picture";
import { OneServer } from "./one-server";
import { starter } from "./projects";

const PASSWORD = "correct-horse-battery-7";

describe("a WordPress", function () {
  this.timeout(900_000);
  const wordpress = OneServer.of("wordpress");
  /** What the admin's browser has been given, by name. */
  const cookies = new Map([["wordpress_test_cookie", "WP%20Cookie%20check"]]);

  async function browser(where: string, init: RequestInit = {}): Promise<Response> {
    const cookie = [...cookies].map((pair) => pair.join("=")).join("; ");
    const headers = { ...init.headers, cookie };
    const answer = (await wordpress.running.ask(where, { redirect: "manual", ...init, headers }))!;
    for (const line of answer.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)!;
      cookies.set(name!, value!);
    }
    return answer;
  }
  const form = (where: string, fields: Record<string, string>) =>
    browser(where, { method: "POST", body: new URLSearchParams(fields) });

  /** Calls WordPress's own API as its editor does. */
  async function api(route: string, body: FormData | URLSearchParams) {
    const nonce = await (await browser("/wp-admin/admin-ajax.php?action=rest-nonce")).text();
    const headers = { "x-wp-nonce": nonce };
    const answer = await browser(`/?rest_route=/wp/v2/${route}`, { method: "POST", headers, body });
    assert.equal(answer.status, 201, await answer.clone().text());
    return answer.json();
  }

  it("keeps a post, a picture and who is logged in over a restart, and goes by its project's address", async function () {
    const server = await wordpress.begin(this, starter("wordpress"));
    assert.equal(new URL((await server.answers("/")).url).pathname, "/wp-admin/install.php");

    await form("/wp-admin/install.php?step=2", {
      ...{ weblog_title: "Notes", user_name: "owner", admin_email: "owner@example.org" },
      ...{ admin_password: PASSWORD, admin_password2: PASSWORD, blog_public: "1" },
    });
    assert.equal((await form("/wp-login.php", { log: "owner", pwd: PASSWORD, testcookie: "1" })).status, 302);
    const themes = await (await browser("/wp-admin/themes.php")).text();
    const [activation] = /themes\.php\?action=activate[^"]*stylesheet=starter[^"]*/.exec(themes)!;
    assert.equal((await browser(`/wp-admin/${activation.replace(/&(amp|#038);/g, "&")}`)).status, 302);
    const { source_url } = await api("media", upload("file"));
    const post = { title: "First's", content: "<p>Kept.</p>", status: "publish" };
    await api("posts", new URLSearchParams(post));

    server.stop();
    server.start();
    const page = await (await server.answers("/")).text();
    assert.match(page, /<h1>It works<\/h1>[^]*First&#8217;s[^]*<p>Kept\.<\/p>/);
    const kept = await server.answers(new URL(source_url).pathname);
    assert.equal(PICTURE.compare(Buffer.from(await kept.arrayBuffer())), 0);
    assert.equal((await browser("/wp-admin/")).status, 200);

    // A team's own domain, or a machine in another's place.
    server.stop();
    server.start({ PROJECT_URL: "http://localhost" });
    const moved = await (await server.answers("/wp-login.php")).text();
    assert.match(moved, /action="http:\/\/localhost\/wp-login\.php"/);
  });
});

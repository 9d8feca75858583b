export const PASSWORD = "Correct-horse-1-battery";
/** MiniStack's codes in every mail. */
export const CODE = "123456";
export const RESET_CODE = "654321";

/** Somebody's browser without a screen: it keeps cookies and form tokens, and does not follow redirects. */
export class Visitor {
  readonly cookies: Record<string, string> = {};
  token = "";

  constructor(private readonly url: string) {}

  async get(path: string, headers: Record<string, string> = {}): Promise<Response> {
    return this.send(path, { headers });
  }

  async post(path: string, fields: Record<string, string>): Promise<Response> {
    const body = new URLSearchParams({ form: this.token, ...fields });
    return this.send(path, { method: "POST", body });
  }

  async json(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
    return this.send(path, {
      method: "POST",
      body: JSON.stringify(body),
      headers: { "content-type": "application/json", "x-form-token": this.token, ...headers },
    });
  }

  async send(path: string, options: RequestInit): Promise<Response> {
    const cookie = Object.entries(this.cookies)
      .map(([name, value]) => `${name}=${value}`)
      .join("; ");
    const headers = { ...(options.headers as Record<string, string>), ...(cookie && { cookie }) };
    const response = await fetch(this.url + path, { redirect: "manual", ...options, headers });
    for (const set of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(set)!;
      if (/Max-Age=0/.test(set)) delete this.cookies[name!];
      else this.cookies[name!] = value!;
    }
    if (response.headers.get("content-type")?.includes("text/html")) {
      const found = /name="form" value="([^"]+)"/.exec(await response.clone().text());
      if (found) this.token = found[1]!;
    }
    return response;
  }

  /** Makes an account, confirms it and logs in. */
  async join(email: string): Promise<this> {
    await this.get("/signup");
    await this.post("/signup", { email, password: PASSWORD });
    await this.post("/confirm", { email, code: CODE });
    return this.logIn(email, PASSWORD);
  }

  async logIn(email: string, password: string): Promise<this> {
    await this.get("/login");
    const response = await this.post("/login", { email, password });
    if (response.headers.get("location") !== "/home") throw new Error(`not logged in: ${response.status}`);
    await this.get("/home");
    return this;
  }
}

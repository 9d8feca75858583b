import { Answer, ask, shown } from "./ask";
import { Broken } from "./promised";

/** A visitor who uses the site's forms, with the cookies that a browser keeps. */
export class Visitor {
  private readonly cookies = new Map<string, string>();

  constructor(private readonly site: string) {}

  /** Opens a page with a form, fills it in and sends it. */
  async submit(path: string, fields: Record<string, string>): Promise<Answer> {
    const page = await this.ask(path, "GET");
    const form = /name="form" value="([^"]+)"|value="([^"]+)" name="form"/.exec(page.text);
    if (page.status !== 200 || !form) throw new Broken(`${path} has no form: ${shown(page)}`);
    return this.ask(path, "POST", { ...fields, form: form[1] ?? form[2]! });
  }

  private async ask(path: string, method: string, form?: Record<string, string>): Promise<Answer> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const headers = { accept: "text/html", ...(cookie && { cookie }) };
    const answer = await ask(this.site + path, { method, form, headers });
    for (const one of answer.headers["set-cookie"] ?? []) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(one)!;
      this.cookies.set(name!, value!);
    }
    return answer;
  }
}

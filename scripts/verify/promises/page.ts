import { ask, shown } from "../ask";
import { Broken, expectStatus, Promised } from "../promised";

export const page: Promised = {
  name: "the page answers",
  expected: "200 with the name of the server that answered, as JSON and as a page",
  takes: { sandbox: 1, AWS: 1 },
  usd: 0,
  missing: () => undefined,
  async run({ stage: { url } }) {
    const answer = expectStatus(`${url}/`, await ask(`${url}/`), 200);
    const name: unknown = answer.json?.hostname;
    if (typeof name !== "string" || name === "")
      throw new Broken(`${url}/ named no server: ${shown(answer)}`);
    const html = expectStatus("The page", await ask(`${url}/`, { headers: { accept: "text/html" } }), 200);
    if (!/<h1[ >]/.test(html.text)) throw new Broken(`a browser got no page: ${shown(html)}`);
    return `200 by ${name}, and a page for a browser`;
  },
};

import { ask, shown } from "../ask";
import { Broken, expectStatus, Promised } from "../promised";

export const health: Promised = {
  name: "health",
  expected: "200 at /health, and at /health/ready where the stack has a database",
  takes: { sandbox: 1, AWS: 1 },
  usd: 0,
  missing: () => undefined,
  async run({ stage: { url, outputs } }) {
    const wanted: [path: string, status: string][] = [["/health", "ok"]];
    if (outputs["databaseEndpoint"]) wanted.push(["/health/ready", "ready"]);
    for (const [path, status] of wanted) {
      const answer = expectStatus(path, await ask(url + path), 200);
      if (answer.json?.status !== status) throw new Broken(`${path} answered ${shown(answer)}`);
    }
    return wanted.map(([path, status]) => `${path} says ${status}`).join(", ");
  },
};

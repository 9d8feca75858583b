import { ask } from "../ask";
import { needs, Promised } from "../promised";
import { webServers } from "../web-servers";

export const servers: Promised = {
  name: "every server serves",
  expected: "as many healthy servers as the group wants, each of which answers at the site",
  takes: { sandbox: 3, AWS: 10 },
  usd: 0,
  missing: needs("webGroupName"),
  async run({ stage, until }) {
    const { wanted, healthy } = await until("Every web server's health", 120, async () => {
      const now = await webServers(stage);
      return now.healthy.length === now.wanted && now;
    });
    const names = new Set<string>();
    await until(`An answer of each of ${wanted} servers`, 60, async () => {
      const { status, json } = await ask(`${stage.url}/`);
      if (status === 200) names.add(json.hostname);
      return names.size >= wanted;
    });
    return `${healthy.length} of ${wanted} healthy; answers of ${[...names].sort().join(", ")}`;
  },
};

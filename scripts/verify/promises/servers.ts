import { needs, Promised } from "../promised";
import { namesOf, webServers } from "../web-servers";

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
    const names = await namesOf({ stage, until }, wanted);
    return `${healthy.length} of ${wanted} healthy; answers of ${names.join(", ")}`;
  },
};

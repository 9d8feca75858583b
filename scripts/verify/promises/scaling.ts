import { SLOW } from "../../load/options";
import { sumOf } from "../../load/report";
import { Traffic } from "../../load/traffic";
import { PretendedCpu } from "../group-cpu";
import { needs, NotAsked, Promised } from "../promised";
import { namesOf, webServers } from "../web-servers";

const CLIENTS = { sandbox: 2, AWS: 16 };
/** An alarm looks at two whole minutes; then a server starts, and must become healthy. */
const OUT_SECONDS = 900;
/** A target tracking policy waits for a quarter of an hour. */
const IN_SECONDS = 1_800;

export const scaling: Promised = {
  name: "the group grows under load and shrinks afterwards",
  expected: "under /load there is one server more, which answers at the site; afterwards as many as before",
  by: "slow",
  notice: "clients keep the servers busy until there is one more; the site is slower meanwhile",
  takes: { sandbox: 150, AWS: 1_200 },
  usd: 0.02,
  missing: needs("webGroupName"),
  async run(context) {
    const { stage, until, say } = context;
    const before = await webServers(stage);
    if (before.wanted >= before.most)
      throw new NotAsked(`the group has ${before.wanted} servers, which is its maximum`);
    const pretended = stage.target === "sandbox" ? new PretendedCpu(stage) : undefined;
    const known = await namesOf(context, before.healthy.length);
    const begin = performance.now();
    const seconds = () => ((performance.now() - begin) / 1000).toFixed(0);
    const traffic = new Traffic(stage.url + SLOW, CLIENTS[stage.target]);
    let grown: string;
    try {
      await pretended?.is(100);
      const { wanted } = await until("The group's growth", OUT_SECONDS, async () => {
        const now = await webServers(stage);
        return now.wanted > before.wanted && now;
      });
      const after = seconds();
      say(`${wanted} servers are wanted after ${after} s`);
      await until(
        "The new server's health",
        600,
        async () => (await webServers(stage)).healthy.length >= wanted,
      );
      const [name] = await namesOf(context, 1, (one) => !known.includes(one));
      grown = `${wanted} after ${after} s of load, with an answer of ${name}`;
    } finally {
      await traffic.stop();
      // Also after an interruption: the group must shrink.
      await pretended?.is(0);
    }
    const [served, failed] = [sumOf(traffic.seconds, "served"), sumOf(traffic.seconds, "failed")];
    say(`the clients finished after ${seconds()} s`);
    await until("The group's shrinking", IN_SECONDS, async () => {
      const now = await webServers(stage);
      return now.wanted <= before.wanted && now.healthy.length === now.wanted;
    });
    const how = pretended ? ", with CPU figures that this run put in on behalf of the servers" : "";
    return `${before.wanted} servers, ${grown}, ${before.wanted} again after ${seconds()} s${how}; ${served} answers meanwhile, ${failed} failed`;
  },
};

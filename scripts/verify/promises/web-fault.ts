import { ask } from "../ask";
import { endMachine } from "../end-machine";
import { Broken, needs, Promised } from "../promised";
import { namesOf, webServers } from "../web-servers";
import { Watch } from "../watch";

export const webFault: Promised = {
  name: "a terminated web server is replaced",
  expected:
    "as many servers are healthy as before, and a new one answers; how long the site did not answer is measured",
  by: "faults",
  notice: "it terminates a web server",
  takes: { sandbox: 30, AWS: 420 },
  usd: 0.01,
  missing: needs("webGroupName"),
  async run({ stage, until, say }) {
    const before = await webServers(stage);
    const victim = before.healthy[0];
    if (!victim || before.healthy.length < before.wanted)
      throw new Broken(
        `only ${before.healthy.length} of ${before.wanted} servers are healthy, so none was terminated`,
      );
    const known = await namesOf({ stage, until }, before.healthy.length);
    const watch = new Watch(async () => (await ask(`${stage.url}/`)).status === 200);
    try {
      const begin = performance.now();
      await endMachine(stage, victim);
      say(`${victim} is terminated`);
      const after = await until("The server's replacement", 900, async () => {
        const { healthy, wanted } = await webServers(stage);
        const fresh = healthy.filter((id) => !before.healthy.includes(id));
        return !healthy.includes(victim) && healthy.length >= wanted && fresh.length > 0 && fresh;
      });
      const [name] = await namesOf({ stage, until }, 1, (one) => !known.includes(one));
      const seconds = (performance.now() - begin) / 1000;
      return `${victim} was terminated; ${after.join(", ")} became healthy, and ${name} answered ${seconds.toFixed(1)} s later; of the requests meanwhile, ${await watch.end()}`;
    } finally {
      await watch.end();
    }
  },
};

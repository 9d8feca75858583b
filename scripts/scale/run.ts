import "../lean-pulumi.cjs"; // before the program brings Pulumi, as main.cjs does
import * as fs from "node:fs";
import { readArguments, runCommand } from "../command";
import { plain } from "../preview/plain";
import { scalePage } from "./page";
import { pictureOf } from "./picture";
import { outcomesOf, prodResources } from "./results";

const USAGE = `npm run scale -- [OPTIONS]

What limits each part of the platform, at how many people and projects, what they cost a month, and how the provisioner fares with
ten thousand projects, by simulation. docs/scale.md is made by it. Asks nobody, and takes half a minute.

  --picture FILE     draws the queues over time, as an SVG
`;

runCommand({
  usage: USAGE,
  failed: "The figures could not be had",
  async run(args) {
    const { values } = readArguments(USAGE, { args, options: { picture: { type: "string" } } });
    const outcomes = await outcomesOf((title) => console.error(`simulating: ${title}`));
    console.log(plain(scalePage(outcomes, await prodResources())));
    if (values.picture) fs.writeFileSync(values.picture, pictureOf(outcomes));
    return 0;
  },
});

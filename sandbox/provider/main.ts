// The providers of a program that Pulumi's own engine deploys on the emulators, whose address and key are in the environment: a separate
// process, which reports its two ports and ends with whoever started it.
import * as pulumi from "@pulumi/pulumi";
import { main } from "@pulumi/pulumi/provider";
import { constructing } from "./crosswalk";
import { Emulated } from "./emulated";
import { serve } from "./server";

process.once("disconnect", () => process.exit());

/** Without Docker no image is pushed: servers run the web app's own bundle here. */
const image = (_: string, inputs: { repositoryUrl?: pulumi.Input<string> }) => ({
  imageUri: pulumi.interpolate`${inputs.repositoryUrl}:sandbox`,
});

void serve(new Emulated()).then((port) => {
  console.log(port);
  // Reports its own port.
  return main({ version: "999.0.0", construct: constructing(image) }, []);
});

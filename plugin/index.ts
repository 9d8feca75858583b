// Hosts the library's components for programs in Python, Go, C#, Java and YAML.
import { componentProviderHost } from "@pulumi/pulumi/provider/experimental";
import { OFFERED } from "./components";

void componentProviderHost({ name: "groundwork", components: OFFERED as never[], dirname: __dirname });

// Hosts the library's components for programs in Python, Go, C#, Java and YAML.
import { main } from "@pulumi/pulumi/provider";
import { Host } from "./host";

void main(new Host(), process.argv.slice(2));

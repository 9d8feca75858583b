import { ComponentResource } from "@pulumi/pulumi";
import * as library from "../components";

type Component = new (...args: never[]) => ComponentResource;

/** What only programs in TypeScript can use, and why. */
export const ONLY_FOR_TYPESCRIPT: Partial<Record<keyof typeof library, string>> = {
  AccountGuards: "it takes no arguments, and Pulumi's host wants a component to take some",
  Alarms: "what components are watched for is returned by their methods, which other languages cannot call",
  ApiAccount: "it takes no arguments, and Pulumi's host wants a component to take some",
  Dashboard:
    "what components are watched for is returned by their methods, which other languages cannot call",
  Lambda: "it takes a function of the program",
  PrivateBucket: "it takes a function that makes the bucket's policy",
  RestApi: "it takes Lambdas that are functions of the program",
};

export const OFFERED: Component[] = Object.entries(library)
  .filter(([name]) => !(name in ONLY_FOR_TYPESCRIPT))
  .map(([, one]) => one)
  .filter(
    (one): one is (typeof library)["Network"] =>
      typeof one === "function" && one.prototype instanceof ComponentResource,
  );

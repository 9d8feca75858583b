import { ComponentResource } from "@pulumi/pulumi";
import * as library from "../components";

export type Component = new (...args: never[]) => ComponentResource;

/** The components that only TypeScript programs can use, and why. */
export const ONLY_FOR_TYPESCRIPT: Partial<Record<keyof typeof library, string>> = {
  Alarms: "what components are watched for is returned by their methods, which other languages cannot call",
  Dashboard:
    "what components are watched for is returned by their methods, which other languages cannot call",
  Lambda: "it takes a function of the program",
  PrivateBucket: "it takes a function that makes the bucket's policy",
  RestApi: "it takes Lambdas that are functions of the program",
};

/** Components that take nothing but a name, because Pulumi's analyzer expects every component to take arguments. */
export const WITHOUT_ARGUMENTS = {
  AccountGuards: library.AccountGuards,
  ApiAccount: library.ApiAccount,
};

export const WITH_ARGUMENTS: Component[] = Object.entries(library)
  .filter(([name]) => !(name in ONLY_FOR_TYPESCRIPT) && !(name in WITHOUT_ARGUMENTS))
  .map(([, one]) => one)
  .filter(
    (one): one is (typeof library)["Network"] =>
      typeof one === "function" && one.prototype instanceof ComponentResource,
  );

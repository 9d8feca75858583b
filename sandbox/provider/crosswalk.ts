import * as ecr from "@pulumi/aws/ecr";
import * as pulumi from "@pulumi/pulumi";
import type { ConstructResult } from "@pulumi/pulumi/provider";
import { Inputs } from "../engine/types";

// Crosswalk's own provider creates its components' children, which are the AWS provider's.
class Component extends pulumi.ComponentResource {}

type Make = (name: string, inputs: Inputs, component: Component) => Inputs;

/** The relevant children: a repository holds images, and is deleted only if it may take them with it. */
const repository: Make = (name, { lifecyclePolicy, ...args }, parent) => {
  const made = new ecr.Repository(name, args, { parent });
  if (lifecyclePolicy)
    new ecr.LifecyclePolicy(
      name,
      { repository: made.name, policy: clearing(lifecyclePolicy.rules) },
      { parent },
    );
  return { url: made.repositoryUrl, repository: made };
};

/** The rules in ECR's form, with the one for any image last, as awsx writes them. */
function clearing(rules: Inputs[]): string {
  const inOrder = [...rules].sort(
    (a, b) => Number(a["tagStatus"] === "any") - Number(b["tagStatus"] === "any"),
  );
  return JSON.stringify({
    rules: inOrder.map(({ description, tagStatus, tagPrefixList, ...counted }, i) => ({
      rulePriority: i + 1,
      description,
      selection: {
        ...{ tagStatus, tagPrefixList },
        ...(counted["maximumAgeLimit"] === undefined
          ? { countType: "imageCountMoreThan", countNumber: counted["maximumNumberOfImages"] }
          : { countType: "sinceImagePushed", countNumber: counted["maximumAgeLimit"], countUnit: "days" }),
      },
      action: { type: "expire" },
    })),
  });
}

/** Constructs awsx's components as its provider does. @param image what the program is told of an image, which nobody builds here */
export const constructing =
  (image: (name: string, inputs: Inputs) => Inputs) =>
  async (
    name: string,
    type: string,
    inputs: pulumi.Inputs,
    options: pulumi.ComponentResourceOptions,
  ): Promise<ConstructResult> => {
    const make = { "awsx:ecr:Repository": repository, "awsx:ecr:Image": image }[type];
    if (!make)
      throw new Error(
        `the sandbox does not make the type ${type}: it has awsx:ecr:Repository and awsx:ecr:Image`,
      );
    const component = new Component(type, name, {}, options);
    return { urn: component.urn, state: make(name, inputs, component) };
  };

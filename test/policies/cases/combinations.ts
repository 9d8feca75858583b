import { allows, Cases, made, named, refuses } from "./case";

const group = (autoRollback: boolean | undefined, id = "it-id") =>
  named("group", "aws:autoscaling/group:Group", {
    launchTemplate: { id },
    instanceRefresh: { strategy: "Rolling", preferences: { autoRollback } },
  });
const template = (imageId?: string) => made("aws:ec2/launchTemplate:LaunchTemplate", { imageId });
const listener = (name: string, port: number, loadBalancerArn = "lb") =>
  named(name, "aws:lb/listener:Listener", { port, loadBalancerArn });

export const combinationCases: Cases = {
  "asks for no rollback of instances whose image AWS resolves": [
    refuses("it for such an image", [template("resolve:ssm:/image"), group(true)], "asks for a rollback"),
    allows("it for an image by its id", template("ami-1"), group(true)),
    allows("it for another template", template("resolve:ssm:/image"), group(true, "other-id")),
    allows("such an image without it", template("resolve:ssm:/image"), group(false)),
    allows("a group that says nothing of it", template("resolve:ssm:/image"), group(undefined)),
    allows(
      "a group without a refresh",
      template("resolve:ssm:/image"),
      made("aws:autoscaling/group:Group", {}),
    ),
  ],
  "has one listener for each port of a load balancer": [
    refuses(
      "a second listener at a port",
      [listener("one", 80), listener("two", 443), listener("three", 80)],
      "three is the second listener at port 80",
    ),
    allows("two ports", listener("one", 80), listener("two", 443)),
    allows("one port of two load balancers", listener("one", 80), listener("two", 80, "other")),
  ],
};

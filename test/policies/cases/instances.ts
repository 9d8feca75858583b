import { allows, Cases, made, named, refuses } from "./case";

const INSTANCE = "aws:ec2/instance:Instance";
const TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate";
const GROUP = "aws:autoscaling/group:Group";
const LISTENER = "aws:lb/listener:Listener";

const version = (of: string | undefined) => made(GROUP, { launchTemplate: { version: of } });
const mixed = (of: string) =>
  made(GROUP, {
    mixedInstancesPolicy: { launchTemplate: { launchTemplateSpecification: { version: of } } },
  });
const secured = (sslPolicy: string | undefined, protocol = "HTTPS") =>
  made(LISTENER, { protocol, sslPolicy });
const listener = (protocol: string, defaultActions: object[] = [], loadBalancerArn = "lb") =>
  named(protocol, LISTENER, { protocol, defaultActions, loadBalancerArn });
const redirect = (protocol: string) => ({ type: "redirect", redirect: { protocol } });
const FORWARD = { type: "forward" };

export const instanceCases: Cases = {
  "requires a session token for instance metadata": [
    ...[INSTANCE, TEMPLATE].flatMap((type) => [
      refuses(`a ${type} that says nothing of it`, [made(type)]),
      refuses(`a ${type} that takes both`, [made(type, { metadataOptions: { httpTokens: "optional" } })]),
      allows(`a ${type} that wants a token`, made(type, { metadataOptions: { httpTokens: "required" } })),
    ]),
  ],
  "starts groups from a numbered version of a launch template": [
    refuses("the newest, whichever it is", [version("$Latest")]),
    refuses("a word that begins with a number", [version("3a")]),
    refuses("a word that ends with a number", [version("$3")]),
    refuses("no version", [version(undefined)]),
    refuses("no template", [made(GROUP)]),
    refuses("the newest in a mixture", [mixed("$Latest")]),
    refuses("a mixture without a template", [made(GROUP, { mixedInstancesPolicy: {} })]),
    refuses("a template of a mixture without its name", [
      made(GROUP, { mixedInstancesPolicy: { launchTemplate: {} } }),
    ]),
    allows("a number", version("12"), mixed("12")),
  ],
  "replaces a group's instances when their template changes": [
    refuses("a group without a refresh", [made(GROUP)]),
    allows("a group with one", made(GROUP, { instanceRefresh: { strategy: "Rolling" } })),
  ],
  "uses no launch configuration, which AWS has closed": [
    refuses("one", [made("aws:ec2/launchConfiguration:LaunchConfiguration")]),
    allows("a launch template", made(TEMPLATE)),
  ],
  "requires TLS 1.2 or newer at each HTTPS listener": [
    ...[
      undefined,
      "ELBSecurityPolicy-2016-08",
      "ELBSecurityPolicy-TLS-1-1-2017-01",
      "ELBSecurityPolicy-TLS13-1-0-2021-06",
      "Our-ELBSecurityPolicy-TLS13-1-2",
    ].flatMap((policy) => [
      refuses(
        `HTTPS by ${policy ?? "no policy"}`,
        [secured(policy)],
        `it speaks ${policy ?? "AWS's oldest policy"}`,
      ),
      refuses(`TLS by ${policy ?? "no policy"}`, [secured(policy, "TLS")]),
    ]),
    allows(
      "the policies that begin at 1.2",
      secured("ELBSecurityPolicy-TLS13-1-2-2021-06"),
      secured("ELBSecurityPolicy-TLS13-1-3-2021-06"),
      secured("ELBSecurityPolicy-FS-1-2-Res-2020-10"),
      secured("ELBSecurityPolicy-TLS-1-2-2017-01", "TLS"),
    ),
    allows("a listener without TLS", secured(undefined, "HTTP"), secured(undefined, "TCP")),
  ],
  "redirects plain HTTP to HTTPS where there is HTTPS": [
    refuses("an answer in plain HTTP", [listener("HTTPS"), listener("HTTP", [FORWARD])], "HTTP"),
    refuses("a way on to plain HTTP", [listener("HTTPS"), listener("HTTP", [redirect("HTTP")])], "HTTP"),
    refuses(
      "an answer beside the way on",
      [listener("HTTPS"), listener("HTTP", [redirect("HTTPS"), FORWARD])],
      "HTTP",
    ),
    allows("the way on", listener("HTTPS", [FORWARD]), listener("HTTP", [redirect("HTTPS")])),
    allows("plain HTTP where there is nothing else", listener("HTTP", [FORWARD])),
    allows(
      "plain HTTP beside another load balancer's HTTPS",
      listener("HTTPS", [FORWARD], "other"),
      listener("HTTP", [FORWARD]),
    ),
  ],
};

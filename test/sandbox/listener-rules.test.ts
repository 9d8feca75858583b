import assert from "node:assert/strict";
import { Action, Rule, RuleCondition } from "@aws-sdk/client-elastic-load-balancing-v2";
import { actionFor, forwardsTo, Incoming, redirectTo } from "../../sandbox/fleet/rules";

const request = (over: Partial<Incoming> = {}): Incoming => ({
  method: "GET",
  host: "example.com",
  path: "/",
  query: new URLSearchParams(),
  headers: {},
  ...over,
});

describe("the sandbox's listener rules", () => {
  const rule = (Priority: string, Conditions: Rule["Conditions"], MessageBody: string): Rule => ({
    Priority,
    Conditions,
    Actions: [{ Type: "fixed-response", FixedResponseConfig: { StatusCode: "200", MessageBody } }],
  });
  const rules = [
    rule("default", [], "default"),
    rule("20", [{ Field: "path-pattern", PathPatternConfig: { Values: ["/api/*"] } }], "api"),
    rule(
      "10",
      [
        { Field: "path-pattern", PathPatternConfig: { Values: ["/api/v?/x"] } },
        { Field: "http-request-method", HttpRequestMethodConfig: { Values: ["POST"] } },
      ],
      "post",
    ),
    rule("30", [{ Field: "host-header", HostHeaderConfig: { Values: ["*.shop.com"] } }], "shop"),
    rule(
      "40",
      [{ Field: "query-string", QueryStringConfig: { Values: [{ Key: "beta", Value: "1" }] } }],
      "beta",
    ),
  ];
  const chosen = (over: Partial<Incoming>) =>
    actionFor(rules, request(over))!.FixedResponseConfig!.MessageBody;

  it("go by priority, and need every condition", () => {
    assert.equal(chosen({ path: "/api/v1/x", method: "POST" }), "post");
    assert.equal(chosen({ path: "/api/v1/x" }), "api");
    assert.equal(chosen({ path: "/api" }), "default");
    assert.equal(chosen({ host: "A.shop.com" }), "shop");
    assert.equal(chosen({ query: new URLSearchParams("beta=1") }), "beta");
  });

  it("redirect with what the request had", () => {
    const action = {
      Type: "redirect" as const,
      RedirectConfig: { Protocol: "HTTPS", Port: "443", StatusCode: "HTTP_301" as const },
    };
    const incoming = request({ path: "/a/b", query: new URLSearchParams("c=d") });
    assert.equal(redirectTo(action, incoming, "HTTP", "80"), "https://example.com/a/b?c=d");
  });

  it("compare each kind of condition as AWS does", () => {
    const takes = (condition: RuleCondition, over: Partial<Incoming>) =>
      actionFor(
        [{ Priority: "1", Conditions: [condition], Actions: [{ Type: "forward" }] }],
        request(over),
      ) !== undefined;
    const path = (...Values: string[]) => ({ Field: "path-pattern", PathPatternConfig: { Values } });
    const host = (...Values: string[]) => ({ Field: "host-header", HostHeaderConfig: { Values } });
    const header = (HttpHeaderName: string, ...Values: string[]) => ({
      Field: "http-header",
      HttpHeaderConfig: { HttpHeaderName, Values },
    });
    const query = (...Values: { Key?: string; Value?: string }[]) => ({
      Field: "query-string",
      QueryStringConfig: { Values },
    });
    const method = { Field: "http-request-method", HttpRequestMethodConfig: { Values: ["GET", "HEAD"] } };
    const asked = (text: string) => ({ query: new URLSearchParams(text) });
    const CASES: [RuleCondition, Partial<Incoming>, boolean][] = [
      [path("/a", "/b"), { path: "/b" }, true],
      [path("/a"), { path: "/A" }, false],
      [path("/a"), { path: "/a/b" }, false],
      [path("/a"), { path: "/b/a" }, false],
      [path("/a.b*"), { path: "/a.b/c" }, true],
      [path("/a.b*"), { path: "/axb/c" }, false],
      [path("/a?c"), { path: "/abc" }, true],
      [path("/a?c?"), { path: "/ac" }, false],
      [path("/*/*.js"), { path: "/x/y.js" }, true],
      [{ Field: "path-pattern", Values: ["/old"] }, { path: "/old" }, true],
      [{ Field: "path-pattern", Values: ["/old"] }, { path: "/new" }, false],
      [{ Field: "path-pattern" }, {}, false],
      [host("*.Shop.com"), { host: "a.shop.COM" }, true],
      [host("shop.com"), { host: "a.shop.com" }, false],
      [{ Field: "host-header", Values: ["a", "b"] }, { host: "b" }, true],
      [method, { method: "HEAD" }, true],
      [method, { method: "POST" }, false],
      [header("X-Kind", "big*", "small"), { headers: { "x-kind": "BIGGER" } }, true],
      [header("X-Kind", "big*"), { headers: { "x-kind": "small" } }, false],
      [header("X-Kind", "big*"), {}, false],
      [header("X-Kind", "?*"), {}, false],
      [header("X-Kind", "undefined"), {}, false],
      [query({ Key: "Beta", Value: "1*" }), asked("a=b&bETA=12"), true],
      [query({ Key: "beta", Value: "1" }), asked("beta=2&alpha=1"), false],
      [query({ Value: "yes" }, { Value: "Aye" }), asked("any=aye"), true],
      [query({ Value: "yes" }), asked("yes=no"), false],
      [query({ Key: "flag" }), asked("flag="), true],
      [query({ Key: "flag" }), asked("flag=1"), false],
      [query(), asked("a=b"), false],
      [{ Field: "query-string" }, asked("a=b"), false],
      [{ Field: "query-string" }, asked("a="), false],
      [{ Field: "source-ip", SourceIpConfig: { Values: ["10.0.0.0/8"] } }, {}, true],
    ];
    for (const [condition, over, wanted] of CASES)
      assert.equal(takes(condition, over), wanted, JSON.stringify([condition, over]));
  });

  it("end in the last of their actions, after whoever signs people in", () => {
    const last = (...actions: Action[]) =>
      actionFor([{ Priority: "default", Actions: actions }], request())?.Type;
    const signIn: Action = { Type: "authenticate-oidc", Order: 1 };
    assert.equal(last({ Type: "forward", Order: 2 }, signIn), "forward");
    assert.equal(last(signIn, { Type: "forward", Order: 2 }), "forward");
    assert.equal(last({ Type: "forward", Order: 2 }, { Type: "authenticate-oidc" }), "forward");
    assert.equal(last(), undefined);
    assert.equal(actionFor([], request()), undefined);
    assert.equal(actionFor([{ Priority: "1" }], request()), undefined);
  });

  it("forward to one group, or to several by their weights", () => {
    assert.deepEqual(forwardsTo({ Type: "forward", TargetGroupArn: "one" }), [{ arn: "one", weight: 1 }]);
    const TargetGroups = [{ TargetGroupArn: "blue", Weight: 0 }, { TargetGroupArn: "green" }];
    assert.deepEqual(
      forwardsTo({ Type: "forward", TargetGroupArn: "one", ForwardConfig: { TargetGroups } }),
      [
        { arn: "blue", weight: 0 },
        { arn: "green", weight: 1 },
      ],
    );
    assert.deepEqual(forwardsTo({ Type: "forward", ForwardConfig: {} }), []);
    assert.deepEqual(forwardsTo({ Type: "fixed-response" }), []);
  });

  it("redirect to each part that they name, with the others as they were", () => {
    const incoming = request({ path: "/a/b", query: new URLSearchParams("c=d") });
    const leads = (config: object, from = incoming) =>
      redirectTo(
        { Type: "redirect", RedirectConfig: { StatusCode: "HTTP_301", ...config } },
        from,
        "HTTP",
        "8080",
      );
    assert.deepEqual(
      [
        leads({}),
        leads({ Port: "80" }),
        leads({ Protocol: "HTTPS", Port: "443" }),
        leads({ Protocol: "HTTPS", Port: "80" }),
        leads({ Host: "www.#{host}", Path: "/#{port}/#{path}", Query: "was=#{protocol}&#{query}" }),
        leads({ Query: "" }),
        leads({}, request({ path: "/x/" })),
      ],
      [
        "http://example.com:8080/a/b?c=d",
        "http://example.com/a/b?c=d",
        "https://example.com/a/b?c=d",
        "https://example.com:80/a/b?c=d",
        "http://www.example.com:8080/8080/a/b?was=http&c=d",
        "http://example.com:8080/a/b",
        "http://example.com:8080/x/",
      ],
    );
    assert.equal(redirectTo({ Type: "redirect" }, incoming, "HTTPS", "443"), "https://example.com/a/b?c=d");
  });
});

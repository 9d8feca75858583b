import { Action, RedirectActionConfig, Rule, RuleCondition } from "@aws-sdk/client-elastic-load-balancing-v2";

export interface Incoming {
  method: string;
  host: string;
  path: string;
  query: URLSearchParams;
  headers: Record<string, string | string[] | undefined>;
}

/** The action of a listener's first matching rule, in AWS's order: by priority, the default last. */
export function actionFor(rules: Rule[], request: Incoming): Action | undefined {
  const ordered = [...rules].sort((a, b) => priority(a) - priority(b));
  const rule = ordered.find(({ Conditions }) => (Conditions ?? []).every((one) => matches(one, request)));
  return [...(rule?.Actions ?? [])].sort((a, b) => (a.Order ?? 1) - (b.Order ?? 1)).at(-1);
}

const priority = ({ Priority }: Rule) => (Priority === "default" ? Infinity : Number(Priority));

function matches(condition: RuleCondition, { method, host, path, query, headers }: Incoming): boolean {
  const values = (given?: { Values?: string[] }) => given?.Values ?? condition.Values ?? [];
  switch (condition.Field) {
    case "path-pattern":
      return values(condition.PathPatternConfig).some((one) => pattern(one).test(path));
    case "host-header":
      return values(condition.HostHeaderConfig).some((one) => pattern(one, "i").test(host));
    case "http-request-method":
      return values(condition.HttpRequestMethodConfig).includes(method);
    case "http-header": {
      const header = headers[condition.HttpHeaderConfig?.HttpHeaderName?.toLowerCase() ?? ""];
      return values(condition.HttpHeaderConfig).some((one) => pattern(one, "i").test(String(header ?? "")));
    }
    case "query-string":
      return (condition.QueryStringConfig?.Values ?? []).some(({ Key, Value }) =>
        [...query].some(
          ([key, value]) => (!Key || pattern(Key, "i").test(key)) && pattern(Value ?? "", "i").test(value),
        ),
      );
    default:
      return true; // source-ip: everybody here comes from this machine
  }
}

/** AWS's wildcards: `*` is anything, `?` one character. */
function pattern(text: string, flags = ""): RegExp {
  const escaped = text
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replace(/\*/g, ".*")
    .replace(/\?/g, ".");
  return new RegExp(`^${escaped}$`, flags);
}

/** The target groups that an action forwards to, with their weights. */
export function forwardsTo(action: Action): { arn: string; weight: number }[] {
  const groups = action.ForwardConfig?.TargetGroups ?? [];
  if (groups.length)
    return groups.map(({ TargetGroupArn, Weight }) => ({ arn: TargetGroupArn!, weight: Weight ?? 1 }));
  return action.TargetGroupArn ? [{ arn: action.TargetGroupArn, weight: 1 }] : [];
}

/** The address that a redirect leads to: what it leaves out stays as in the request. */
export function redirectTo(action: Action, request: Incoming, protocol: string, port: string): string {
  const fill = (template: string | undefined, byDefault: string) =>
    (template ?? byDefault)
      .replace("#{protocol}", protocol.toLowerCase())
      .replace("#{host}", request.host)
      .replace("#{port}", port)
      .replace("#{path}", request.path.replace(/^\//, ""))
      .replace("#{query}", request.query.toString());
  const config: Partial<RedirectActionConfig> = action.RedirectConfig ?? {};
  const scheme = fill(config.Protocol, "#{protocol}").toLowerCase();
  const toPort = fill(config.Port, "#{port}");
  const standard = toPort === (scheme === "https" ? "443" : "80");
  const query = fill(config.Query, "#{query}");
  return `${scheme}://${fill(config.Host, "#{host}")}${standard ? "" : `:${toPort}`}${fill(config.Path, "/#{path}")}${query && `?${query}`}`;
}

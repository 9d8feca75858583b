import { Equivalent } from "./score";

/** Those of `sandbox/fleet/`, which `equivalents.ts` takes in. */
export const EQUIVALENTS_OF_FLEET: Equivalent[] = [
  {
    file: "sandbox/fleet/alarm-judge.ts",
    line: "const people = alarms.filter(({ AlarmActions = [] }) => AlarmActions.some((arn) => TOPIC.…",
    was: "[]",
    becomes: '["Stryker was here"]',
    why: "that is no topic, so it reaches nobody",
  },
  {
    file: "sandbox/fleet/cpu.ts",
    line: "} catch {",
    was: "{ return undefined; // gone between two looks }",
    becomes: "{}",
    why: "a function that ends without a return returns undefined",
  },
  {
    file: "sandbox/fleet/event-pattern.ts",
    line: 'const [base = "", bits] = network.split("/");',
    was: '""',
    becomes: '"Stryker was here!"',
    why: "a text that is split has a first part",
  },
  {
    file: "sandbox/fleet/rules.ts",
    line: "const rule = ordered.find(({ Conditions }) => (Conditions ?? []).every((one) => matches(o…",
    was: "[]",
    becomes: '["Stryker was here"]',
    why: "a condition without a field holds for everybody",
  },
  {
    file: "sandbox/fleet/rules.ts",
    line: "const values = (given?: { Values?: string[] }) => given?.Values ?? condition.Values ?? [];",
    was: "[]",
    becomes: '["Stryker was here"]',
    why: "no request has a path, host, method or header with that text",
  },
  {
    file: "sandbox/fleet/rules.ts",
    line: 'const header = headers[condition.HttpHeaderConfig?.HttpHeaderName?.toLowerCase() ?? ""];',
    was: '""',
    becomes: '"Stryker was here!"',
    why: "no request has a header of either name",
  },
  {
    file: "sandbox/fleet/scaling.ts",
    line: "const warming = (this.warming.get(group.name) ?? []).filter(({ until }) => until > this.n…",
    was: "[]",
    becomes: '["Stryker was here"]',
    why: "a text has no time until which it counts",
  },
  {
    file: "sandbox/fleet/scaling.ts",
    line: "const grows = wanted > group.desired - cold;",
    was: "wanted > group.desired - cold",
    becomes: "wanted >= group.desired - cold",
    why: "a size that stays is not set either way",
  },
  {
    file: "sandbox/fleet/view.ts",
    line: "pending: (group.Instances ?? [])",
    was: "[]",
    becomes: '["Stryker was here"]',
    why: "a text has no state, so it waits for no launch hook",
  },
];

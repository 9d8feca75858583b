import type { Declared, StackView } from "../../policies/declared";
import { SAMPLES } from "../stacks/event-samples";
import { FAULTS, MADE, NOT_MADE, PAGES } from "./faults";

/** A row of docs/operations.md: what reaches a person, by its name without what Pulumi puts around it. */
interface Row {
  alarm: string;
  figure: string;
  says: string;
  source: string;
  stacks: string[];
}

const ABOVE_OR_BELOW: Record<string, string> = { GreaterThanThreshold: "above", LessThanThreshold: "below" };
const BYTES = 1024 ** 3;

/** The zones of one stack are alike, and so are their alarms. */
const anyZone = (text: string) => text.replace(/(?<=-nat-|\bzone )[a-f]\b/g, "ZONE");

function figureOf({
  metricName,
  comparisonOperator,
  threshold,
  period,
  evaluationPeriods,
}: Declared["inputs"]) {
  const value = threshold % BYTES === 0 && threshold > 0 ? `${threshold / BYTES} GiB` : String(threshold);
  const minutes = (period * evaluationPeriods) / 60;
  return `\`${metricName}\` ${ABOVE_OR_BELOW[comparisonOperator]} ${value} for ${minutes} min`;
}

function found<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`test/operations/faults.ts has no ${what}`);
  return value;
}

/** The audit trail's own counts are in no row. */
const pageOf = (namespace: string) => (namespace === "Groundwork/Audit" ? "" : PAGES[namespace]);

/** The alarms of figures, then those of events, that a stack's program declares. */
function alarmsOf(view: StackView): Omit<Row, "stacks">[] {
  const { resources } = view;
  // Others scale a group, and reach nobody.
  const ofType = (end: string) =>
    resources.filter(({ type, parentType }) => type.endsWith(end) && parentType.endsWith(":Alarms"));
  const row = ({ name }: Declared, figure: string, says: string, source: string | undefined) => ({
    alarm: anyZone(name.replace(/^alarms-/, "")),
    figure,
    says: anyZone(says),
    source: found(source, `source of ${name}`),
  });
  return [
    ...ofType(":MetricAlarm").map((one) =>
      row(one, figureOf(one.inputs), one.inputs.alarmDescription, pageOf(one.inputs.namespace)),
    ),
    ...ofType(":EventRule").map((one) =>
      row(one, "an event", one.inputs.description, SAMPLES[one.name]?.(view).page),
    ),
  ];
}

function seenOf(alarm: string): string {
  const test = MADE[alarm];
  return test ? `**yes**, \`${test}\`` : `no: ${found(NOT_MADE[alarm], `word on whether ${alarm} is made`)}`;
}

/** The table of what raises an alarm, from what each stack declares; those of the audit trail are a list of their own. */
export function alarmsTable(stacks: StackView[]): string {
  const rows = new Map<string, Row>();
  for (const view of stacks)
    for (const one of alarmsOf(view).filter(({ alarm }) => !alarm.startsWith("audit-"))) {
      const known = rows.get(one.alarm) ?? { ...one, stacks: [] };
      rows.set(one.alarm, { ...known, stacks: [...new Set([...known.stacks, view.stack])] });
    }
  const inOrder = [...rows.values()].sort((a, b) => (a.alarm < b.alarm ? -1 : 1));
  return [
    "| Alarm | When | Stacks | What triggers it, how far the metric moves, and when it is reported | Produced and seen in the sandbox | What its mail says |",
    "|---|---|---|---|---|---|",
    ...inOrder.map(
      ({ alarm, figure, stacks, says, source }) =>
        `| \`${alarm}\` | ${figure} | ${stacks.join(", ")} | ${found(FAULTS[alarm], `fault of ${alarm}`)} ([source](${source})) | ${seenOf(alarm)} | ${says} |`,
    ),
  ].join("\n");
}

interface Change {
  AlarmName: string;
  AlarmDescription?: string;
  OldStateValue: string;
  NewStateValue: string;
  NewStateReason: string;
}

/** What a person reads of a topic's message: CloudWatch tells programs of an alarm in JSON, and people in words. */
export function letterOf(message: string): string {
  const change = changeIn(message);
  if (!change) return message;
  const { AlarmDescription, OldStateValue, NewStateValue, NewStateReason } = change;
  const rings = NewStateValue === "ALARM" ? "rings" : "would ring";
  return [
    `From ${OldStateValue} to ${NewStateValue}: ${NewStateReason}`,
    ...(AlarmDescription ? [`It ${rings} for this: ${AlarmDescription}`] : []),
  ].join("\n");
}

/** A letter that an alarm sends soon after it was made, and that calls nobody. */
export const tellsOfFirstMeasurements = (letter: string) => letter.startsWith("From INSUFFICIENT_DATA to OK");

function changeIn(message: string): Change | undefined {
  try {
    const found = JSON.parse(message) as Partial<Change> | null;
    if (found?.AlarmName && found.OldStateValue && found.NewStateValue && found.NewStateReason !== undefined)
      return found as Change;
  } catch {
    // words already
  }
  return undefined;
}

import { AlarmTopic } from "../../../components/operations/alarm-topic";

/** The topic that the other components tell. */
export const topic = () => new AlarmTopic("alarms");

export const ACCOUNT = "123456789012";

/** The statements of a policy that an input holds as JSON. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a policy as AWS writes it
export const statements = (policy: string): any[] => JSON.parse(policy).Statement;

/** Who may do what by a policy: `service: action action`. */
export const grants = (policy: string): string[] =>
  statements(policy)
    .filter((s) => s.Effect === "Allow")
    .map((s) => `${s.Principal.Service ?? s.Principal.AWS}: ${[s.Action].flat().join(" ")}`);

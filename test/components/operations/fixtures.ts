import { AlarmTopic } from "../../../components/operations/alarm-topic";

/** The topic that the other components tell. */
export const topic = () => new AlarmTopic("alarms");

export const ACCOUNT = "123456789012";

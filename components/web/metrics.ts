/** The namespace of the servers' own metrics. The agent's have the group as their dimension, the app's its service. */
export const NAMESPACE = "Groundwork/Web";

/** Where the servers' own figures are kept: the agent's by their group, the app's by its service. */
export const NAMESPACE = "Groundwork/Web";

import type { ActionDeclaration, PipelineDeclaration } from "@aws-sdk/client-codepipeline";
import { Problem } from "../problem";

export type Pipeline = PipelineDeclaration;
export type Action = ActionDeclaration;

/** The variables of earlier actions, by namespace. */
export type Variables = Record<string, Record<string, string>>;

/** A configuration with the variables of earlier actions filled in; an undefined one is an error, as on AWS. */
export function filledIn(action: Action, variables: Variables): Record<string, string> {
  const fill = (text: string) =>
    text.replace(/#\{([\w@-]+)\.([\w@-]+)\}/g, (_whole, namespace: string, name: string) => {
      const value = variables[namespace]?.[name];
      if (value === undefined)
        throw new Problem(
          `The action ${action.name} asks for #{${namespace}.${name}}, which no action told.`,
        );
      return value;
    });
  return Object.fromEntries(
    Object.entries(action.configuration ?? {}).map(([key, text]) => [key, fill(text)]),
  );
}

/** A stage's actions in groups that run in parallel, one group after the other. */
export function inTurn(actions: Action[]): Action[][] {
  const turns = [...new Set(actions.map(({ runOrder = 1 }) => runOrder))].sort((a, b) => a - b);
  return turns.map((turn) => actions.filter(({ runOrder = 1 }) => runOrder === turn));
}

/** The bucket between the stages, and its encryption key. */
export function storeOf({ artifactStore, artifactStores }: Pipeline): { bucket: string; keyId?: string } {
  const store = artifactStore ?? Object.values(artifactStores ?? {})[0];
  if (!store?.location) throw new Problem("The pipeline names no bucket for its artifacts.");
  return { bucket: store.location, keyId: store.encryptionKey?.id };
}

/** The action that fetches the source, if the sandbox supports it. */
export const sourceOf = ({ stages = [] }: Pipeline) =>
  stages
    .flatMap(({ actions = [] }) => actions)
    .find(({ actionTypeId }) => actionTypeId?.provider === "CodeStarSourceConnection");

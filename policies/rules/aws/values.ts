import type { Declared, StackView } from "../../declared";
import { label, Rules } from "../rule";
import { DOCUMENTED, OF_TAGS } from "./documented";
import { findings } from "./judge";
import type { LimitedType } from "./limit";
import published from "./published.json";

interface Published {
  /** The version of the provider's library whose properties were used. */
  provider: string;
  /** The packages that the limits come from, as pip names them. */
  sources: string[];
  /** The date of CloudFormation's schemas. */
  cloudFormation: string;
  services: Record<string, { version: string; page: string }>;
  /** The instance classes on which RDS runs each engine. */
  classes: Record<"instance" | "cluster", Record<string, string[]>>;
  types: Record<string, LimitedType>;
}

/** What AWS's own models say about the parameters of its API. `npm run limits` generates it. */
export const PUBLISHED = published as unknown as Published;

/** What AWS accepts for each value by itself: according to its models, and to its documentation where they are silent. */
export const valueRules: Rules = {
  "gives each parameter a value that AWS accepts": (view) => {
    const computed = computedIn(view);
    return view.resources.flatMap((resource) =>
      refused(resource, computed).map((problem) => `${label(resource)} ${problem}`),
    );
  },
};

/** Values that AWS generates itself. The tests use placeholders for them. */
const computedIn = ({ resources }: StackView): Set<unknown> =>
  new Set(resources.flatMap(({ name, outputs }) => [`${name}-id`, outputs.id, outputs.arn]));

/** What AWS would refuse about a resource, in words. */
export function refused(
  { type, inputs }: Pick<Declared, "type" | "inputs">,
  computed: ReadonlySet<unknown> = new Set(),
): string[] {
  if (!type.startsWith("aws:")) return [];
  const { service = "", properties = {} } = PUBLISHED.types[type] ?? {};
  const models = findings(inputs, properties, computed);
  const told = new Set(models.map(({ path }) => path));
  return [
    ...models.map(({ what, bound }) => `${what} (${pageOf(service, bound.from)})`),
    ...findings(inputs, { tags: OF_TAGS, ...DOCUMENTED[type] }, computed)
      .filter(({ path }) => !told.has(path))
      .map(({ what, bound }) => `${what} (${bound.page})`),
  ];
}

/** The AWS page that says so. */
export const pageOf = (service: string, from: string): string =>
  from.startsWith("AWS::")
    ? `https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-${from.slice("AWS::".length).replace("::", "-").toLowerCase()}.html`
    : `${PUBLISHED.services[service]!.page}${from}.html`;

import { TEXTS } from "../../../policies/rules/aws/texts";
import { allows, Cases, made, refuses } from "./case";

const kinds = Object.entries(TEXTS).flatMap(([type, texts]) => texts.map((text) => ({ type, ...text })));
const RULE = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";

export const textCases: Cases = {
  "writes only texts of the characters and length that AWS takes": [
    ...kinds.flatMap(({ type, field, longest, source }) => [
      allows(`${type}: ${field} of ${longest}`, made(type, { [field]: "a".repeat(longest) })),
      refuses(
        `${type}: ${field} of one more`,
        [made(type, { [field]: "a".repeat(longest + 1) })],
        `has a ${field} longer than ${longest} (${source})`,
      ),
    ]),
    ...["'", '"', "?", "é", "\n", "—", "%"].map((character) =>
      refuses(
        `${JSON.stringify(character)} in a security group's rule`,
        [made(RULE, { description: `A client${character}s block` })],
        `has ${JSON.stringify(character)} in its description`,
      ),
    ),
    allows("each character that EC2 lists", made(RULE, { description: "azAZ09 ._-:/()#,@[]+=&;{}!$*" })),
    refuses(
      "an emoji in a role's description",
      [made("aws:iam/role:Role", { description: "Runs \u{1f680}" })],
      "in its description",
    ),
    allows("no text at all", made(RULE, {})),
  ],
};

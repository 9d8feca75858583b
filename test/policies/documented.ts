import * as fs from "node:fs";
import * as path from "node:path";
import * as ts from "typescript";
import { UNKNOWN } from "../../policies/from-engine";

/** A resource as an example declares it; what it does not write out is unknown. */
interface Documented {
  type: string;
  name: string;
  inputs: Record<string, unknown>;
}

const FOLDER = path.join(__dirname, "../../node_modules/@pulumi/aws");

/** What the examples declare on a type's page of the provider's documentation, which its library carries in its comments. */
export function documentedExamples(type: string): Documented[] {
  const page = fs.readFileSync(path.join(FOLDER, `${type.split(":")[1]!}.d.ts`), "utf8");
  return [...page.matchAll(/```typescript\n([\s\S]*?)```/g)].flatMap(([, block]) =>
    declaredIn(block!.replace(/^ \* ?/gm, "")),
  );
}

function declaredIn(program: string): Documented[] {
  const found: Documented[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isNewExpression(node)) {
      const [, area, kind] = /^aws\.(\w+)\.(\w+)$/.exec(node.expression.getText()) ?? [];
      const [name, inputs] = node.arguments ?? [];
      if (area && kind && inputs && ts.isObjectLiteralExpression(inputs))
        found.push({
          type: `aws:${area}/${kind[0]!.toLowerCase()}${kind.slice(1)}:${kind}`,
          name: name!.getText(),
          inputs: valueOf(inputs) as Documented["inputs"],
        });
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile("example.ts", program, ts.ScriptTarget.Latest, true));
  return found;
}

function valueOf(node: ts.Expression): unknown {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (ts.isNumericLiteral(node)) return Number(node.text);
  if (ts.isPrefixUnaryExpression(node)) return -Number(node.operand.getText());
  if (node.kind === ts.SyntaxKind.TrueKeyword || node.kind === ts.SyntaxKind.FalseKeyword)
    return node.kind === ts.SyntaxKind.TrueKeyword;
  if (ts.isArrayLiteralExpression(node)) return node.elements.map(valueOf);
  if (ts.isObjectLiteralExpression(node))
    return Object.fromEntries(
      node.properties
        .filter(ts.isPropertyAssignment)
        .map(({ name, initializer }) => [
          ts.isStringLiteral(name) ? name.text : name.getText(),
          valueOf(initializer),
        ]),
    );
  if (ts.isCallExpression(node) && node.expression.getText() === "JSON.stringify")
    return JSON.stringify(valueOf(node.arguments[0]!));
  return UNKNOWN;
}

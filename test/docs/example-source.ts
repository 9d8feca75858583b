// Where the examples use a component.
import * as fs from "node:fs";
import * as path from "node:path";
import * as ts from "typescript";
import { EXAMPLES, FOLDER } from "../examples/example";

export interface Use {
  example: string;
  /** The statement that makes the component. */
  code: string;
}

const sources = EXAMPLES.map((example) => {
  const file = path.join(FOLDER, example, "index.ts");
  const text = fs.readFileSync(file, "utf8");
  return { example, parsed: ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true) };
}).sort((a, b) => a.parsed.end - b.parsed.end);

/** The examples that make a component, the shortest first. */
export function usesOf(component: string): Use[] {
  return sources.flatMap(({ example, parsed }) => {
    const made = parsed.statements.find((each) => makes(each, component));
    return made ? [{ example, code: made.getText() }] : [];
  });
}

function makes(node: ts.Node, component: string): boolean {
  if (ts.isNewExpression(node)) {
    const { expression } = node;
    const named = ts.isPropertyAccessExpression(expression) ? expression.name : expression;
    if (named.getText() === component) return true;
  }
  return ts.forEachChild(node, (child) => makes(child, component) || undefined) ?? false;
}

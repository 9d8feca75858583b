import path from "node:path";

/** What is written out in the code cannot be empty without anyone seeing it; `some` throws for an empty list. */
function isSurelyFull(node, scope) {
  switch (node.type) {
    case "ArrayExpression":
      return node.elements.some(
        (each) => each && (each.type !== "SpreadElement" || isSurelyFull(each.argument, scope)),
      );
    case "ObjectExpression":
      return node.properties.length > 0;
    case "TSAsExpression":
    case "TSSatisfiesExpression":
    case "TSNonNullExpression":
    case "AwaitExpression":
      return isSurelyFull(node.expression ?? node.argument, scope);
    case "Identifier":
      return isSurelyFull(initialOf(node, scope) ?? { type: "unknown" }, scope);
    case "NewExpression":
      return (
        ["Map", "Set"].includes(node.callee.name) &&
        node.arguments.length > 0 &&
        isSurelyFull(node.arguments[0], scope)
      );
    case "CallExpression":
      return isFullCall(node, scope);
    default:
      return false;
  }
}

/** `some(list)`, `Object.entries({...})`, and what keeps a list's length: `.map`, `.entries()`, `.sort()`. */
function isFullCall({ callee, arguments: given }, scope) {
  if (callee.type === "Identifier") return callee.name === "some";
  if (callee.type !== "MemberExpression") return false;
  const { object, property } = callee;
  if (object.name === "Object" && ["entries", "keys", "values"].includes(property.name))
    return isSurelyFull(given[0], scope);
  if (property.name === "split") return true;
  return (
    ["map", "entries", "keys", "values", "sort", "reverse", "concat"].includes(property.name) &&
    isSurelyFull(object, scope)
  );
}

function initialOf({ name }, scope) {
  for (let at = scope; at; at = at.upper) {
    const definition = at.set.get(name)?.defs[0];
    if (!definition) continue;
    return definition.type === "Variable" &&
      definition.parent.kind === "const" &&
      definition.node.id.type === "Identifier"
      ? (definition.node.init ?? undefined)
      : undefined;
  }
  return undefined;
}

/** The import of `some`, after the others, where it is missing. */
function imported({ sourceCode, filename, cwd }, fixer) {
  const imports = sourceCode.ast.body.filter(({ type }) => type === "ImportDeclaration");
  const known = imports.some(({ specifiers }) => specifiers.some(({ local }) => local.name === "some"));
  if (known || imports.length === 0) return [];
  const from = path.relative(path.dirname(filename), path.join(cwd, "test/some"));
  const source = from.startsWith(".") ? from : `./${from}`;
  return [fixer.insertTextAfter(imports.at(-1), `\nimport { some } from "${source}";`)];
}

const isAssertion = ({ callee }) =>
  callee.name === "assert" || (callee.type === "MemberExpression" && callee.object.name === "assert");

/** A loop over a list that may be empty asserts nothing on the day when it is. */
export const loopMayBeEmpty = {
  meta: {
    type: "problem",
    fixable: "code",
    schema: [],
    messages: {
      empty: "Nothing is asserted when this list is empty: wrap it in some(...), which throws then.",
    },
  },
  create(context) {
    const loops = [];
    const enter = (node) => loops.push({ node, asserts: false });
    const leave = (node) => {
      const { asserts } = loops.pop();
      if (loops.length > 0 && asserts) loops.at(-1).asserts = true;
      if (!asserts || isSurelyFull(node.right, context.sourceCode.getScope(node))) return;
      const text = context.sourceCode.getText(node.right);
      context.report({
        node: node.right,
        messageId: "empty",
        fix: (fixer) => [fixer.replaceText(node.right, `some(${text})`), ...imported(context, fixer)],
      });
    };
    return {
      ForOfStatement: enter,
      "ForOfStatement:exit": leave,
      CallExpression(node) {
        if (loops.length > 0 && isAssertion(node)) loops.at(-1).asserts = true;
      },
    };
  },
};

import ts from "typescript";

/** `assert(x)` and `assert.ok(x)`: the expression, or nothing for any other call. */
function assertedTruth({ callee, arguments: [value] }) {
  const isAssert = callee.type === "Identifier" && callee.name === "assert";
  const isOk =
    callee.type === "MemberExpression" && callee.object.name === "assert" && callee.property.name === "ok";
  return isAssert || isOk ? value : undefined;
}

const NEVER_FALSE = ts.TypeFlags.Object | ts.TypeFlags.NonPrimitive | ts.TypeFlags.ESSymbolLike;

function isNeverFalse(type) {
  if (type.isUnion()) return type.types.every(isNeverFalse);
  if (type.isIntersection()) return type.types.some(isNeverFalse);
  return (type.flags & NEVER_FALSE) !== 0;
}

/** An output, a promise, a list or a function is true whatever it holds. */
export const truthIsCertain = {
  meta: {
    type: "problem",
    schema: [],
    messages: { certain: "This is true whatever it holds (its type is {{type}}): assert its value." },
  },
  create(context) {
    const { program, esTreeNodeToTSNodeMap } = context.sourceCode.parserServices;
    const checker = program.getTypeChecker();
    return {
      CallExpression(node) {
        const value = assertedTruth(node);
        if (!value) return;
        const type = checker.getTypeAtLocation(esTreeNodeToTSNodeMap.get(value));
        if (isNeverFalse(type))
          context.report({ node: value, messageId: "certain", data: { type: checker.typeToString(type) } });
      },
    };
  },
};

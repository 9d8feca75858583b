import * as fs from "node:fs";
import * as path from "node:path";
import * as ts from "typescript";

/** A property of a resource as the provider's library declares it. */
export interface Property {
  name: string;
  optional: boolean;
  kind: "text" | "number" | "boolean" | "object" | "map" | "other";
  isList: boolean;
  /** The contents of an object, by the name of its type: some types contain themselves. */
  inside?: string;
  /** The provider sets it if the program does not. */
  hasDefault: boolean;
}

const FOLDER = path.join(__dirname, "../../node_modules/@pulumi/aws");
const parse = (file: string) =>
  ts.createSourceFile(file, fs.readFileSync(path.join(FOLDER, file), "utf8"), ts.ScriptTarget.Latest, true);

let nested: Map<string, ts.InterfaceDeclaration> | undefined;

/** `ec2.InstanceEbsBlockDevice` and similar. */
function nestedTypes(): Map<string, ts.InterfaceDeclaration> {
  if (nested) return nested;
  const found = new Map<string, ts.InterfaceDeclaration>();
  const visit = (node: ts.Node, prefix: string): void => {
    if (ts.isModuleDeclaration(node))
      ts.forEachChild(node.body!, (child) => visit(child, `${prefix}${node.name.text}.`));
    else if (ts.isInterfaceDeclaration(node)) found.set(prefix + node.name.text, node);
  };
  ts.forEachChild(parse("types/input.d.ts"), (node) => visit(node, ""));
  nested = found;
  return found;
}

/** The file that declares a type such as `aws:ec2/subnet:Subnet`. */
export const declarationOf = (type: string) => `${type.split(":")[1]!}.d.ts`;

/** What a program may set on a resource. */
export function propertiesOf(type: string): Property[] {
  const wanted = `${type.split(":")[2]!}Args`;
  let found: ts.InterfaceDeclaration | undefined;
  ts.forEachChild(parse(declarationOf(type)), (node) => {
    if (ts.isInterfaceDeclaration(node) && node.name.text === wanted) found = node;
  });
  if (!found) throw new Error(`${declarationOf(type)} declares no ${wanted}`);
  return membersOf(found);
}

export const propertiesInside = (name: string): Property[] => membersOf(nestedTypes().get(name)!);

const membersOf = (declaration: ts.InterfaceDeclaration): Property[] =>
  declaration.members.filter(ts.isPropertySignature).map((member) => ({
    name: member.name.getText(),
    optional: member.questionToken !== undefined,
    hasDefault: /default|computed|generate/i.test(member.getFullText()),
    ...shape(member.type!),
  }));

function shape(type: ts.TypeNode): Pick<Property, "kind" | "isList" | "inside"> {
  if (ts.isArrayTypeNode(type)) return { ...shape(type.elementType), isList: true };
  if (ts.isTypeReferenceNode(type)) {
    const name = type.typeName.getText();
    if (/^(pulumi\.)?Input$/.test(name)) return shape(type.typeArguments![0]!);
    const inside = /^inputs\.(.+)$/.exec(name)?.[1];
    if (inside) return { kind: "object", isList: false, inside };
    return { kind: name.startsWith("enums.") ? "text" : "other", isList: false };
  }
  if (ts.isUnionTypeNode(type)) return shape(type.types[0]!);
  if (ts.isTypeLiteralNode(type)) return { kind: "map", isList: false };
  const kinds: Partial<Record<ts.SyntaxKind, Property["kind"]>> = {
    [ts.SyntaxKind.StringKeyword]: "text",
    [ts.SyntaxKind.NumberKeyword]: "number",
    [ts.SyntaxKind.BooleanKeyword]: "boolean",
  };
  return { kind: kinds[type.kind] ?? "other", isList: false };
}

// The public components as their sources describe them, read with TypeScript's own parser.
import * as fs from "node:fs";
import * as path from "node:path";
import * as ts from "typescript";
import type { Options } from "../../components/shared/options";

export interface Member {
  name: string;
  type: string;
  words: string;
  /** Where it may be left out: what it is then. */
  default?: string;
  optional: boolean;
}

export interface Component {
  name: string;
  area: string;
  /** From the root of the repository. */
  file: string;
  /** The paragraph of its doc comment: what it is, what it costs, how it fails. */
  words: string;
  /** The plain values that it takes. */
  options?: Options<Record<string, never>>;
  /** The other arguments: what it stands on. */
  standsOn: Member[];
  outputs: Member[];
  methods: Member[];
  /** The interfaces that it satisfies, and those that they extend. */
  satisfies: string[];
}

type Declaration = ts.InterfaceDeclaration | ts.ClassDeclaration | ts.TypeAliasDeclaration;

const root = path.join(__dirname, "../..");
const COMPONENTS = path.join(root, "components");

export const AREAS = fs
  .readFileSync(path.join(COMPONENTS, "index.ts"), "utf8")
  .match(/(?<=^export \* from "\.\/)\w+/gm)!;

const parse = (file: string) =>
  ts.createSourceFile(file, fs.readFileSync(file, "utf8"), ts.ScriptTarget.Latest, true);

const declarations: Declaration[] = AREAS.flatMap((area) =>
  fs
    .readdirSync(path.join(COMPONENTS, area))
    .filter((name) => name.endsWith(".ts"))
    .flatMap((name) => [...parse(path.join(COMPONENTS, area, name)).statements]),
).filter(
  (each): each is Declaration =>
    ts.isInterfaceDeclaration(each) || ts.isClassDeclaration(each) || ts.isTypeAliasDeclaration(each),
);

const fileOf = (node: ts.Node) => node.getSourceFile().fileName;

/** What is declared under a name: in the same file, else what is exported elsewhere. */
function declared(name: string, from?: ts.Node): Declaration | undefined {
  const all = declarations.filter((each) => each.name?.text === name);
  return all.find((each) => from && fileOf(each) === fileOf(from)) ?? all.find(isExported);
}

const isExported = (node: Declaration) =>
  node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ?? false;

/** The classes that the library exports, in the order of its areas. */
export function publicComponents(): Component[] {
  return AREAS.flatMap((area) => classNames(area).map((name) => component(area, name)));
}

function classNames(area: string): string[] {
  const exported = parse(path.join(COMPONENTS, area, "index.ts")).statements.flatMap((each) =>
    ts.isExportDeclaration(each) &&
    !each.isTypeOnly &&
    each.exportClause &&
    ts.isNamedExports(each.exportClause)
      ? each.exportClause.elements.filter(({ isTypeOnly }) => !isTypeOnly).map(({ name }) => name.text)
      : [],
  );
  return exported.filter((name) => ts.isClassDeclaration(declared(name) ?? ts.factory.createNull()));
}

function component(area: string, name: string): Component {
  const node = declared(name) as ts.ClassDeclaration;
  const args = argumentsOf(node);
  const satisfies = ancestors(node);
  const members = node.members.filter(isPublic).map((each) => member(each, satisfies));
  const isMethod = ({ type }: Member) => type === "";
  return {
    name,
    area,
    file: path.relative(root, fileOf(node)),
    words: wordsOf(node),
    options: args && optionsOf(args),
    standsOn: args && ts.isInterfaceDeclaration(args) ? args.members.map((each) => argument(each)) : [],
    outputs: members.filter((each) => !isMethod(each)),
    methods: members.filter(isMethod),
    satisfies,
  };
}

/** The description of the constructor's arguments, where it takes any. */
function argumentsOf(node: ts.ClassDeclaration): Declaration | undefined {
  const type = node.members.find(ts.isConstructorDeclaration)?.parameters[1]?.type;
  return type && ts.isTypeReferenceNode(type) ? declared(type.typeName.getText(), node) : undefined;
}

/** The options that an argument type is made of: `Given<typeof networkOptions>`. */
function optionsOf(args: Declaration): Component["options"] {
  const [, name] = /\bGiven<typeof (\w+)>/.exec(args.getText()) ?? [];
  return name === undefined ? undefined : require(fileOf(args))[name];
}

function ancestors(node: Declaration): string[] {
  const named = (ts.isTypeAliasDeclaration(node) ? [] : (node.heritageClauses ?? []))
    .flatMap(({ types }) => types.map(({ expression }) => expression.getText()))
    .filter((name) => declared(name));
  return [...new Set(named.flatMap((name) => [name, ...ancestors(declared(name)!)]))];
}

function isPublic(node: ts.ClassElement): boolean {
  const hidden = ts.ModifierFlags.Private | ts.ModifierFlags.Protected | ts.ModifierFlags.Static;
  return (
    (ts.isPropertyDeclaration(node) || ts.isMethodDeclaration(node)) &&
    !ts.isPrivateIdentifier(node.name) &&
    (ts.getCombinedModifierFlags(node) & hidden) === 0
  );
}

/** A public field or method; without words of its own it has those of the interface that asks for it. */
function member(node: ts.ClassElement, satisfies: string[]): Member {
  const plain = node.name!.getText();
  const asked = satisfies
    .map((name) => declared(name)!)
    .flatMap((each) => (ts.isInterfaceDeclaration(each) ? [...each.members] : []))
    .filter(({ name }) => name?.getText() === plain);
  const words = [node, ...asked].map(wordsOf).find((text) => text !== "") ?? "";
  if (!ts.isMethodDeclaration(node)) return { name: plain, ...typeOf(node), words, optional: false };
  const parameters = node.parameters.map(({ name }) => name.getText()).join(", ");
  return { name: `${plain}(${parameters})`, type: "", words, optional: false };
}

function argument(node: ts.TypeElement): Member {
  const { type } = typeOf(node);
  const [first] = type.match(/\w+/) ?? [];
  const of = first === undefined ? undefined : declared(first, node);
  const tag = ts.getJSDocTags(node).find(({ tagName }) => tagName.text === "default");
  return {
    name: node.name!.getText(),
    type,
    words: wordsOf(node) || (of ? wordsOf(of) : ""),
    default: tag && flat(ts.getTextOfJSDocComment(tag.comment)),
    optional: node.questionToken !== undefined,
  };
}

const typeOf = (node: ts.Node) => ({
  type: flat((node as ts.PropertyDeclaration).type?.getText()).replace(/\bpulumi\.|\breadonly /g, ""),
});

function wordsOf(node: ts.Node): string {
  const [comment] = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc);
  return flat(ts.getTextOfJSDocComment(comment?.comment));
}

const flat = (text = "") => text.replace(/\s+/g, " ").trim();

// What Docker would take of a folder, as it reads a .dockerignore.
import { Files } from "./build-runner";

/** A pattern of Docker's: `**` stands for any folders, none among them, and `*` for a part of one name. */
function patternOf(line: string): RegExp {
  const text = line
    .replace(/^\/|\/$/g, "")
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replace(
      /\*\*\/|\*\*|\*|\?/g,
      (sign) => ({ "**/": "(.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]" })[sign]!,
    );
  return new RegExp(`^${text}$`);
}

/** A file and the folders around it. */
const withParents = (name: string) =>
  name.split("/").map((_, index, parts) => parts.slice(0, index + 1).join("/"));

/** The names of the files that an image may copy: the last line that meets a file, or a folder around it, decides. */
export function copied(context: Files): string[] {
  const rules = (context["Dockerfile.dockerignore"] ?? context[".dockerignore"] ?? "")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line && !line.startsWith("#"))
    .map((line) => ({ kept: line.startsWith("!"), pattern: patternOf(line.replace(/^!/, "")) }));
  const stays = (name: string) => {
    const last = rules.filter(({ pattern }) => withParents(name).some((each) => pattern.test(each))).at(-1);
    return last?.kept ?? true;
  };
  return Object.keys(context).filter(stays).sort();
}

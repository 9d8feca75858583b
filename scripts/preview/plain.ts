/** A report's Markdown as text for a terminal. */
export const plain = (markdown: string): string =>
  markdown
    .split("\n")
    .filter((line) => !/^\|-/.test(line) && !/^<\/?details>$/.test(line))
    .map((line) =>
      line
        .replace(/^<details><summary>(.*)<\/summary>$/, "$1")
        .replace(/^#+ /, "")
        .replaceAll("**", "")
        .replaceAll("`", ""),
    )
    .map((line) => (line.startsWith("|") ? row(line) : line))
    .join("\n");

function row(line: string): string {
  const [name = "", ...figures] = line
    .split("|")
    .slice(1, -1)
    .map((cell) => cell.trim());
  return `  ${name.padEnd(32)}${figures.map((figure) => figure.padStart(18)).join("")}`;
}

/** Whether an Accept header prefers HTML over JSON: it must name HTML, with at least the weight of JSON. */
export function prefersHtml(accept: string | undefined): boolean {
  if (!accept?.includes("text/html")) return false;
  const ranges = accept.split(",").map(parseRange);
  const weightOf = (...names: string[]): number | undefined =>
    names
      .map((name) => ranges.find((range) => range.name === name)?.weight)
      .find((weight) => weight !== undefined);
  const html = weightOf("text/html")!;
  return html > 0 && html >= (weightOf("application/json", "application/*", "*/*") ?? 0);
}

function parseRange(text: string): { name: string; weight: number } {
  const [name = "", ...parameters] = text.split(";").map((part) => part.trim().toLowerCase());
  const weight = Number(parameters.find((each) => each.startsWith("q="))?.slice(2) ?? 1);
  return { name, weight: Number.isFinite(weight) ? weight : 0 };
}

/** A file that cloud-init writes at first boot. */
export interface HostFile {
  path: string;
  content: string;
  /** Octal permissions. @default "0644", which is cloud-init's own */
  permissions?: string;
}

export interface CloudConfig {
  files: HostFile[];
  /** Commands run once, in order, after the files are there. */
  commands: string[][];
}

/** EC2's limit in bytes. Some tools silently truncate longer user data, others refuse it. */
const USER_DATA_LIMIT = 16 * 1024;

/** User data for cloud-init: a declarative list of files and the commands that use them. */
export function cloudConfig({ files, commands }: CloudConfig): string {
  const lines = ["#cloud-config", "write_files:"];
  for (const { path, content, permissions } of files) {
    lines.push(`- path: ${path}`, ...(permissions ? [`  permissions: "${permissions}"`] : []));
    // The 1 states the indentation. Otherwise, spaces at the start of the first line would count as indentation.
    lines.push("  content: |1");
    lines.push(...shortened(content).map(indent));
  }
  lines.push("runcmd:", ...commands.map((command) => `- ${JSON.stringify(command)}`));
  const text = lines.join("\n") + "\n";
  if (Buffer.byteLength(text) > USER_DATA_LIMIT)
    throw new RangeError(
      `user data must be at most ${USER_DATA_LIMIT} bytes, got ${Buffer.byteLength(text)}`,
    );
  return text;
}

/** Removes the scripts' comments: they are for readers of this repository, and on the machine they count against the limit. */
function shortened(content: string): string[] {
  const lines = content.trimEnd().split("\n");
  if (!content.startsWith("#!")) return lines;
  return lines.filter((line, index) => index === 0 || !/^\s*(#(?! *shellcheck)|$)/.test(line));
}

/** Indents as little as YAML allows, because that counts too. */
const indent = (line: string) => (line ? `   ${line}` : "");

/** Lines of an environment file. A value with a line break would become another variable. */
export function environmentFile(variables: Record<string, string>): string {
  return Object.entries(variables)
    .map(([name, value]) => {
      if (/[\r\n]/.test(value)) throw new RangeError(`${name} must be a single line, got several`);
      return `${name}=${value}\n`;
    })
    .join("");
}

/** Cloud-init's text, encoded for a launch template. */
export function userData(text: string): string {
  return Buffer.from(text).toString("base64");
}

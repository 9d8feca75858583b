import { load } from "js-yaml";

interface WrittenFile {
  path?: string;
  content?: string;
}

/** The content of a file that cloud-init would write at an instance's first boot; undefined if it writes no such file. */
export function fileIn(userData: string, path: string): string | undefined {
  if (!userData.startsWith("#cloud-config")) return undefined;
  const config = load(userData) as { write_files?: WrittenFile[] } | undefined;
  return config?.write_files?.find((file) => file.path === path)?.content;
}

/** The variables of an environment file, as Docker and systemd read it. */
export function variablesIn(text: string): Record<string, string> {
  const lines = text.split("\n").filter((line) => /^\w+=/.test(line));
  return Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
  );
}

import type { Socket } from "node:net";

/** Calls back for every complete line that arrives. */
export function lines(socket: Socket, onLine: (line: string) => void): void {
  let rest = "";
  socket.setEncoding("utf8");
  socket.on("data", (chunk: string) => {
    const parts = (rest + chunk).split("\n");
    rest = parts.pop()!;
    for (const part of parts) onLine(part);
  });
}

import { createInterface, Interface } from "node:readline";
import { Writable } from "node:stream";
import { Problem } from "../../sandbox/problem";

/** Asks a person at a terminal, or reads a program's lines. Questions go to standard error: only the token goes to standard output. */
export class Questions {
  private readonly terminal = process.stdin.isTTY === true;
  private hidden = false;
  private readonly reader: Interface;
  private readonly lines: AsyncIterator<string>;

  constructor() {
    const shown = new Writable({
      write: (part: Buffer, _encoding, done) => {
        if (!this.hidden) process.stderr.write(part);
        done();
      },
    });
    this.reader = createInterface({ input: process.stdin, output: shown, terminal: this.terminal });
    this.lines = this.reader[Symbol.asyncIterator]();
  }

  /** @param hidden whether what is typed stays off the screen */
  async ask(what: string, { hidden = false } = {}): Promise<string> {
    const question = `${what}: `;
    this.reader.setPrompt(question);
    // A program's lines may all have been read by now. From Node 24 on, a reader at its end refuses to prompt.
    if (this.terminal) this.reader.prompt();
    else process.stderr.write(question);
    this.hidden = hidden;
    const { value, done } = await this.lines.next();
    this.hidden = false;
    if (hidden) process.stderr.write("\n");
    if (done || value === "") throw new Problem(`${what} must be given, got nothing.`);
    return value as string;
  }

  close(): void {
    this.reader.close();
  }
}

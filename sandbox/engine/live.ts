import { Deployed, deploy } from "../engine";
import { codeOf, FUNCTION, SOURCES } from "../program";
import { changingOf } from "../resources/changes";
import { comparable } from "./comparable";
import { Configuration } from "./config";
import { forgetOwnModules, Renewable } from "./own-modules";
import { Providers } from "./providers";
import { Stack } from "./stack";
import { lineOf } from "./step";

interface LiveOptions {
  /** Reads the settings, which may have been edited. */
  configuration: () => Configuration;
  /** Loads and runs the program. */
  program: () => unknown;
  report: (line: string) => void;
  /** The existing state. @default nothing */
  stack?: Stack;
}

/** A program that is deployed on the emulators, and follows edits of its sources. */
export class Live {
  readonly stack: Stack;
  private functions = new Map<string, object>();
  private sources?: Renewable;

  constructor(private readonly options: LiveOptions) {
    this.stack = options.stack ?? new Stack();
  }

  /** Creates everything that the program declares. */
  start(ready: Promise<unknown>): Promise<Deployed> {
    return this.run({ ready });
  }

  /**
   * Runs the program again. The first pass only determines what would change, so that a program that fails, or changes what is
   * protected, leaves everything as it was.
   */
  async rerun(planned: (lines: string[]) => void): Promise<Deployed> {
    forgetOwnModules();
    const plan = await this.run({ preview: true });
    if (plan.steps.length === 0) return { ...plan, outputs: this.outputs };
    planned(plan.steps.map(lineOf));
    return this.run({});
  }

  /** What a run would change, one line each. */
  async plan(): Promise<string[]> {
    return (await this.run({ preview: true })).steps.map(lineOf);
  }

  /** Rebuilds the functions from their sources, and returns the names of those whose code has changed. */
  async renewFunctions(): Promise<string[]> {
    this.sources!.renew();
    const built = await Promise.all(
      [...this.functions].map(async ([name, component]) => ({ name, code: await codeOf(component) })),
    );
    const providers = new Providers(this.options.configuration(), this.stack.providers);
    const renewed = await Promise.all(
      built.map(async ({ name, code }) => {
        const standing = this.stack.find(FUNCTION.resource, name);
        if (!standing) return [];
        const inputs = { ...standing.inputs, ...(await comparable({ code })) };
        if (inputs.code.sha256 === standing.inputs["code"].sha256) return [];
        const request = await providers.request(standing, { ...standing.inputs, code }, standing.generation);
        const changed = await changingOf(standing.type).update!({
          ...request,
          ...{ id: standing.id, outputs: standing.outputs, before: standing.inputs, changed: ["code"] },
          again: () => Promise.reject(new Error("a function is never made twice")),
        });
        this.stack.put({ ...standing, inputs, outputs: { ...standing.outputs, ...changed?.outputs } });
        return [name];
      }),
    );
    return renewed.flat();
  }

  private outputs: Deployed["outputs"] = {};

  private async run(options: { ready?: Promise<unknown>; preview?: boolean }): Promise<Deployed> {
    const functions = new Map<string, object>();
    const deployed = await deploy(this.options.configuration(), this.options.program, {
      ...options,
      stack: this.stack,
      report: options.ready ? this.options.report : undefined,
      declared: (resource, type, name) => {
        if (type === FUNCTION.component) functions.set(name, resource);
      },
    });
    // From here on an edit of a function's sources reaches what this run has declared.
    this.functions = functions;
    this.sources = new Renewable(SOURCES.functions);
    if (!options.preview) this.outputs = deployed.outputs;
    return deployed;
  }
}

import * as pulumi from "@pulumi/pulumi";

/**
 * Gathers everything that is wrong with a component's arguments, so that one error, thrown before anything is
 * registered, tells all of it.
 */
export class Check {
  private readonly problems: { propertyPath: string; reason: string }[] = [];

  constructor(
    private readonly component: string,
    private readonly name: string,
  ) {}

  /** `<path> must be <rule>, got <value>`, unless `ok`. */
  that(ok: boolean, path: string, rule: string, got: unknown): this {
    if (!ok) this.problems.push({ propertyPath: path, reason: `${path} must be ${rule}, got ${show(got)}` });
    return this;
  }

  /** A whole number from `min` to `max`; an absent one is the default's business. */
  wholeNumber(path: string, value: number | undefined, min: number, max: number): this {
    const ok = value === undefined || (Number.isInteger(value) && value >= min && value <= max);
    return this.that(ok, path, `a whole number from ${min} to ${max}`, value);
  }

  oneOf<T extends string | number>(path: string, value: T | undefined, accepted: readonly T[]): this {
    return this.that(
      value === undefined || accepted.includes(value),
      path,
      `one of ${accepted.join(", ")}`,
      value,
    );
  }

  done(): void {
    if (this.problems.length === 0) return;
    throw new pulumi.InputPropertiesError({
      message: `${this.component} "${this.name}": ${this.problems.map((p) => p.reason).join("; ")}`,
      errors: this.problems,
    });
  }
}

function show(value: unknown): string {
  return value === undefined ? "nothing" : (JSON.stringify(value) ?? String(value));
}

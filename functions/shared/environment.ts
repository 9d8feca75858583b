/** A function's environment as the component sets it: `fromEnvironment<StartEnvironment>("PIPELINE")`. */
export function fromEnvironment<Environment>(name: keyof Environment & string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is missing in the function's environment`);
  return value;
}

/** A piece of a pattern: one character, or any number of characters except one. */
type Piece = string | Wild;
interface Wild {
  but?: string;
}

const ANY: Wild = {};
const NO_SLASH: Wild = { but: "/" };

/** A resource as a policy names it. An IAM variable may stand for anything. */
export const policyPattern = (text: string): Piece[] => pieces(text, () => ANY);

/** A resource type's ARN as AWS documents it, such as `arn:${Partition}:s3:::${BucketName}`. */
export const typePattern = (text: string): Piece[] =>
  pieces(text, (name) => (name === "BucketName" ? NO_SLASH : ANY));

function pieces(text: string, variable: (name: string) => Piece): Piece[] {
  return [...text.matchAll(/\$\{([^}]*)\}|(.)/gs)].map(([, name, character]) =>
    name !== undefined ? variable(name) : character === "*" ? ANY : character!,
  );
}

/** Whether a policy's resource can be of a type, segment by segment: no wildcard matches across one of the first five colons. */
export function fitsType(resource: string, typeArn: string): boolean {
  const [named, typed] = [segments(resource), segments(typeArn)];
  return (
    named.length === typed.length &&
    typed.every((segment, i) => overlap(typePattern(segment), policyPattern(named[i]!)))
  );
}

function segments(arn: string): string[] {
  const parts = arn.split(":");
  return [...parts.slice(0, 5), parts.slice(5).join(":")];
}

/** Whether any text matches both patterns. */
export function overlap(a: Piece[], b: Piece[]): boolean {
  const tried = new Set<number>();
  const from = (i: number, j: number): boolean => {
    const key = i * (b.length + 1) + j;
    if (tried.has(key)) return false;
    tried.add(key);
    const [left, right] = [a[i], b[j]];
    if (left === undefined && right === undefined) return true;
    if (isWild(left)) return from(i + 1, j) || (right !== undefined && takes(left, right) && from(i, j + 1));
    if (isWild(right)) return from(i, j + 1) || (left !== undefined && takes(right, left) && from(i + 1, j));
    if (left === undefined || right === undefined) return false;
    return (left === right || left === "?" || right === "?") && from(i + 1, j + 1);
  };
  return from(0, 0);
}

const isWild = (piece: Piece | undefined): piece is Wild => typeof piece === "object";
const takes = (wild: Wild, piece: Piece) => wild.but !== piece;

/** Words and lists: the nearest wrong values with the rule that refuses them, and values that are taken. */
export interface Words {
  area: string;
  setting: string;
  wrong: unknown[];
  rule: RegExp;
  right: unknown[];
  more?: object;
  environment?: string;
}

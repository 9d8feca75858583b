// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a provider's inputs have no common type
export type Inputs = Record<string, any>;

/** What stands in an account. */
export interface Thing {
  /** As Pulumi names it, such as `aws:ec2/vpc:Vpc`. */
  type: string;
  /** The resource's in its program. */
  name: string;
  id: string;
  inputs: Inputs;
  /** What AWS made of it. */
  computed: Inputs;
  /** Both. */
  outputs: Inputs;
}

/** What stands in an account, for who looks at it. */
export interface Standing {
  /** Every thing of one of the types; a type may be given by its end. */
  all(...types: string[]): Thing[];
  /** The things of these types that name a value anywhere in their arguments. */
  naming(value: unknown, types: string[]): Thing[];
  /** The thing of a type that an argument points to, by its id, name or ARN. */
  find(type: string, reference: unknown): Thing | undefined;
  /** Without a question: what stays behind. */
  put(type: string, name: string, inputs: Inputs): Thing;
}

export interface Request {
  operation: "create" | "update" | "delete";
  type: string;
  name: string;
  /** As they shall be; at a deletion, as they are. */
  inputs: Inputs;
  /** What is changed or deleted. */
  thing?: Thing;
}

export interface Answer {
  /** The service and its call, such as `EC2: AssociateAddress`. */
  call: string;
  message: string;
}

/** Something that AWS refuses because of what stands in the account. */
export interface Rule {
  /** In a word; what the rules' test calls it by. */
  name: string;
  /** AWS's error code. */
  code: string;
  /** Where it is written: a page of AWS's, the provider's source, or what is known. */
  source: string;
  on: Request["operation"][];
  /** The types, each by its end. */
  types: string[];
  /** The provider repeats the call for minutes, so that what happens meanwhile counts. */
  patient?: boolean;
  refuses(request: Request, account: Standing): Answer | undefined;
  /** What a deletion, or a change to other arguments, leaves behind. */
  leaves?(thing: Thing, account: Standing, inputs?: Inputs): void;
}

/** The code of what AWS takes without a word though it destroys something: an answer of this account's own. */
export const LOST = "(taken by AWS, and lost)";

interface Words {
  name: string;
  code: string;
  call: string;
  source: string;
}

/** One of these in an account has a key; a second with the same is refused. */
export function taken(
  { call, ...words }: Words,
  types: string[],
  key: (inputs: Inputs, account: Standing) => unknown,
  message: (key: string) => string,
): Rule {
  return {
    ...words,
    types,
    on: ["create", "update"],
    refuses({ inputs, thing }, account) {
      const own = key(inputs, account);
      if (own === undefined) return undefined;
      const other = account
        .all(...types)
        .find((one) => one.id !== thing?.id && String(key(one.inputs, account)) === String(own));
      return other && { call, message: message(String(own)) };
    },
  };
}

/**
 * A second one takes the first's place, and whichever is deleted takes both away: the old of a replacement, or the stack that goes.
 */
export const overwritten = (
  { name, call, source }: Omit<Words, "code">,
  types: string[],
  key: (inputs: Inputs) => unknown,
): Rule =>
  taken(
    { name, code: LOST, call, source },
    types,
    key,
    (what) =>
      `${what} is there already: it would be overwritten, and gone as soon as one of the two is deleted`,
  );

/** What others name in their arguments is not deleted. */
export function inUse(
  { call, ...words }: Words,
  types: string[],
  /** By what the others name it. */
  by: (thing: Thing) => unknown,
  users: string[],
  message: (thing: Thing, user: Thing) => string,
  /** Some name it without holding it. */
  really: (user: Thing, account: Standing) => boolean = () => true,
): Rule {
  return {
    ...words,
    types,
    on: ["delete"],
    patient: true,
    refuses({ thing }, account) {
      const user = account.naming(by(thing!), users).find((one) => one !== thing && really(one, account));
      return user && { call, message: message(thing!, user) };
    },
  };
}

/** What is guarded, or not empty, is not deleted. */
export function kept(
  { call, ...words }: Words,
  types: string[],
  when: (thing: Thing, account: Standing) => boolean,
  message: (thing: Thing) => string,
): Rule {
  return {
    ...words,
    types,
    on: ["delete"],
    refuses: ({ thing }, account) => (when(thing!, account) ? { call, message: message(thing!) } : undefined),
  };
}

/** What has to stand before. */
export function needs(
  { call, ...words }: Words,
  types: string[],
  there: (inputs: Inputs, account: Standing, request: Request) => boolean,
  message: (inputs: Inputs) => string,
  { on = ["create", "update"], patient = false }: Partial<Pick<Rule, "on" | "patient">> = {},
): Rule {
  return {
    ...words,
    types,
    on,
    patient,
    refuses: (request, account) =>
      there(request.inputs, account, request) ? undefined : { call, message: message(request.inputs) },
  };
}

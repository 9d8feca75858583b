import { Stack } from "@aws-sdk/client-cloudformation";
import { Use } from "../engine/clients";
import { everyPage } from "../engine/pages";
import { EventRules } from "./event-rules";

const SOURCE = "aws.cloudformation";

/** Sends the states of stacks that the program's functions had CloudFormation create to its event rules. */
export class Stacks {
  private known = new Map<string, string>();
  private present: Stack[] = [];

  constructor(
    private readonly use: Use,
    private readonly rules: EventRules,
  ) {}

  get current(): Stack[] {
    return this.present;
  }

  async follow(): Promise<void> {
    if (!(await this.rules.ask(SOURCE))) return;
    const cloudformation = await this.use("cloudformation");
    const stacks = await everyPage(
      (from) => cloudformation.describeStacks(from),
      (page) => page.Stacks,
    );
    const gone = [...this.known.keys()].filter((id) => !stacks.some(({ StackId }) => StackId === id));
    const changed = stacks.filter((stack) => this.known.get(stack.StackId!) !== stateOf(stack));
    this.present = stacks;
    this.known = new Map(stacks.map((stack) => [stack.StackId!, stateOf(stack)]));
    for (const { StackId, StackStatus, StackStatusReason } of changed)
      await this.tell(StackId!, StackStatus!, StackStatusReason);
    for (const id of gone) await this.tell(id, "DELETE_COMPLETE");
  }

  private tell(id: string, status: string, reason = ""): Promise<void> {
    return this.rules.tell({
      source: SOURCE,
      "detail-type": "CloudFormation Stack Status Change",
      resources: [id],
      detail: { "stack-id": id, "status-details": { status, "status-reason": reason } },
    });
  }
}

/** A second update of a stack ends in the same state as the first. */
const stateOf = ({ StackStatus, LastUpdatedTime }: Stack) => `${StackStatus} ${LastUpdatedTime?.getTime()}`;

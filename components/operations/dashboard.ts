import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { dashboardBody } from "./dashboard-body";
import { here } from "../shared/here";
import { DashboardArgs } from "./args";

/**
 * One page that shows the state of a stack: its alarms, then each area's graphs.
 * 3 USD a month; the first three of an account are free. It only displays: a graph without data stays empty.
 */
export class Dashboard extends pulumi.ComponentResource {
  /** The address for a browser. */
  readonly url: pulumi.Output<string>;

  constructor(name: string, args: DashboardArgs, opts?: pulumi.ComponentResourceOptions) {
    super("groundwork:index:Dashboard", name, {}, opts);
    const parent = { parent: this };
    const { region } = here(parent);
    const sections = args.monitoring.flatMap(({ dashboard }) => dashboard ?? []);
    const dashboard = new aws.cloudwatch.Dashboard(
      name,
      {
        dashboardName: args.dashboardName,
        dashboardBody: pulumi.jsonStringify(dashboardBody(region, args.alarmArns ?? [], sections)),
      },
      parent,
    );
    this.url = pulumi.interpolate`https://${region}.console.aws.amazon.com/cloudwatch/home?region=${region}#dashboards:name=${dashboard.dashboardName}`;
    this.registerOutputs({ url: this.url });
  }
}

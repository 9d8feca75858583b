import * as pulumi from "@pulumi/pulumi";
import { Statement } from "../../components/shared/permissions";

/** What an area asks of the web servers, so that the app can use it. */
export interface WebNeeds {
  environment?: Record<string, pulumi.Input<string>>;
  statements?: Statement[];
  securityGroupIds?: pulumi.Input<string>[];
}

/** The needs of all areas that are built. */
export function together(needs: (WebNeeds | undefined)[]): Required<WebNeeds> {
  const present = needs.filter((need) => need !== undefined);
  return {
    environment: Object.assign({}, ...present.map((need) => need.environment)),
    statements: present.flatMap((need) => need.statements ?? []),
    securityGroupIds: present.flatMap((need) => need.securityGroupIds ?? []),
  };
}

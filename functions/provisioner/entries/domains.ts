import { ACMClient } from "@aws-sdk/client-acm";
import { SESv2Client } from "@aws-sdk/client-sesv2";
import { SFNClient } from "@aws-sdk/client-sfn";
import { fromEnvironment } from "../../shared/environment";
import { certificatesIn } from "../aws/certificates";
import { settings, table } from "../aws/common";
import { mailer } from "../aws/mail";
import { starter } from "../aws/state-machine";
import { domainStore } from "../aws/table-domains";
import { lookAfterDomains } from "../domains";
import type { DomainsEnvironment } from "../environment";

const given = fromEnvironment<DomainsEnvironment>;

/** Looks after custom domain names, once a minute. */
export const handler = () =>
  lookAfterDomains(
    {
      store: domainStore(table()),
      certificates: certificatesIn((region) => new ACMClient(region ? { region } : {})),
      mail: mailer(new SESv2Client(), given("SENDER")),
      start: starter(new SFNClient(), given("MACHINE_ARN")),
      now: () => new Date(),
    },
    settings(),
  );

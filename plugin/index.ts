import { componentProviderHost } from "@pulumi/pulumi/provider/experimental";
import { GithubOidc } from "../components/delivery";
import { UserPool } from "../components/identity";
import { Bastion, Network } from "../components/network";
import {
  AccessLogs,
  AlarmTopic,
  AuditTrail,
  BackupPlan,
  Budget,
  LogExport,
  WebFirewall,
} from "../components/operations";
import { FileUploads } from "../components/uploads";
import { BakedImage, WebImage } from "../components/web";

// Programs in Python, Go, C#, Java and YAML get these; the others take what only TypeScript can hand over, such as statements of a policy.
void componentProviderHost({
  name: "groundwork",
  components: [
    Network,
    Bastion,
    WebImage,
    BakedImage,
    UserPool,
    FileUploads,
    GithubOidc,
    AccessLogs,
    AlarmTopic,
    AuditTrail,
    BackupPlan,
    Budget,
    LogExport,
    WebFirewall,
  ],
});

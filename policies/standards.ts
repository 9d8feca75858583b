/** How a rule applies to a real stack, and which requirements of the published standards it meets. */
export interface Standard {
  /**
   * `resource` checks each resource alone, before it is created. `stack` needs the other resources too, so it checks a preview, or
   * the result of an update.
   */
  scope: "resource" | "stack";
  /** Controls of AWS Foundational Security Best Practices. */
  fsbp: string[];
  /** Recommendations of the CIS AWS Foundations Benchmark 7.0. */
  cis: string[];
}

const resource = (fsbp: string[] = [], cis: string[] = []): Standard => ({ scope: "resource", fsbp, cis });
const stack = (fsbp: string[] = [], cis: string[] = []): Standard => ({ scope: "stack", fsbp, cis });

/**
 * The rules of the pack, by name. Some rules only the program's own tests can check: physical names, because the engine has filled
 * them in by then; rules inside a security group, because AWS reports all rules there too; and owners in names, because the
 * pack does not know which stack it is looking at.
 */
export const STANDARDS: Record<string, Standard> = {
  "gives each parameter a value that AWS accepts": resource(),
  "writes no document longer than AWS accepts": resource(),
  "puts no more into one place than AWS allows": stack(),
  "asks RDS only for what the engine and instance class support": resource(),
  "evaluates alarms over periods that CloudWatch accepts": resource(),
  "gives buckets lifecycle rules that S3 accepts": resource(),
  "keeps a firewall within its capacity": resource(),
  "asks for no rollback of instances whose image AWS resolves": stack(),
  "has one listener for each port of a load balancer": stack(),
  "allows passkeys only in pools that support them": resource(),
  "binds passkeys to a site's name": resource(),
  "names a sender where a domain's identity sends mail": resource(),
  "declares only once what an account can have only once": stack(),
  "gives CloudWatch Logs all that it needs of a key, or nothing": resource(),
  "lets CloudTrail assume its role without a condition": resource(),
  "starts no backup of an RDS database in its windows or the hour before": stack(),
  "uses in a pipeline only what an earlier action produces": resource(),
  "configures builds as CodeBuild accepts them": resource(),
  "configures deployments as CodeDeploy accepts them": resource(),
  "expires images by rules that ECR accepts": resource(),
  "lets a refresh read each object that the stack declares": stack(),
  "gives flow logs the permissions that AWS requires": stack(),
  "replaces an instance when its user data changes": resource(),
  "gives each route exactly one target": resource(),
  "has one route to each destination in a route table": stack(),
  "associates each Elastic IP address once": stack(),
  "gives each security group rule exactly one source or destination": resource(),
  "gives ports to the protocols that have them, and to no other": resource(),
  "declares each security group rule once": stack(),
  "gives each VPC endpoint only what its type accepts": resource(),
  "keeps old servers until new ones are healthy at the load balancer": resource(),
  "configures instance refreshes as AWS accepts them": resource(),
  "gives a certificate to each TLS listener, and to no other": resource(),
  "uses certificates of its own region": resource(),
  "ends each health check before the next one begins": resource(),
  "puts each application load balancer into at least two zones": resource(),
  "names a launch template's security groups in one place": resource(),
  "starts instances from images of their own architecture": resource(),
  "writes access logs to a bucket that accepts them": stack(),
  "gives build instances the permissions that Image Builder requires": stack(),
  "collects image metadata only with a role that may take inventories": stack(),
  "logs image builds where Image Builder may write": resource(),
  "publishes machine images where Image Builder may write": resource(),
  "bakes on a schedule that Image Builder accepts": resource(),
  "bakes images on instances of their own architecture": stack(),
  "gives a role its permissions before AWS tries them": stack(),
  "lets AWS write to a bucket before it tries to": stack(),
  "lets S3 send a bucket's events before it is told to": stack(),
  "opens a network's way out before anything that needs it starts": stack(),
  "opens security groups before anything that sends through them starts": stack(),
  "publishes an API only once its methods exist": stack(),
  "uses a certificate only once it is issued": stack(),
  "opens no administration port to the internet": resource(["EC2.13", "EC2.14"], ["6.3"]),
  "lets the internet reach nothing but load balancers": stack(["EC2.18", "EC2.19"]),
  "says why each security group and each rule is there": resource(),
  "closes the default security group of each VPC": stack(["EC2.2"], ["6.5"]),
  "logs the flows of each VPC": stack(["EC2.6"], ["4.7"]),
  "connects no two of its VPCs": stack(),
  "lets no subnet assign public addresses": resource(["EC2.15"]),
  "requires a session token for instance metadata": resource(["EC2.8", "AutoScaling.3"], ["6.7"]),
  "uses no launch configuration, which AWS has closed": resource(["AutoScaling.9"]),
  "replaces a group's instances when their template changes": resource(),
  "requires TLS 1.2 or newer at each HTTPS listener": resource(["ELB.17"]),
  "redirects plain HTTP to HTTPS where there is HTTPS": stack(["ELB.1"]),
  "encrypts whatever holds data": resource(
    ["EC2.3", "EFS.1", "RDS.3", "SNS.1", "SQS.1", "CloudTrail.2"],
    ["6.1.1"],
  ),
  "rotates each KMS key automatically": resource(["KMS.4"], ["4.6"]),
  "blocks public access to each bucket": stack(["S3.8"], ["3.1.4"]),
  "uses no access control lists on buckets": stack(["S3.12"]),
  "keeps versions in each bucket": stack(["S3.14"]),
  "encrypts each bucket": stack(["S3.17"]),
  "removes incomplete uploads from each bucket": stack(["S3.13"]),
  "lets nobody reach a bucket without TLS": stack(["S3.5"], ["3.1.1"]),
  "protects what holds data in a stack that keeps its data, and only there": resource([
    "RDS.7",
    "RDS.8",
    "ELB.6",
    "DynamoDB.6",
  ]),
  "turns on logs wherever AWS writes them only on request": resource([
    "ELB.5",
    "APIGateway.1",
    "APIGateway.9",
    "StepFunctions.1",
    "CodeBuild.4",
    "RDS.36",
  ]),
  "sets how long each log is kept": resource(["CloudWatch.16"]),
  "runs each function on Node 22 and arm64": resource(["Lambda.2"]),
  "sets each function's timeout and memory": resource(),
  "gives each function a role of its own": stack(),
  "allows no service as a whole": resource(["IAM.1", "IAM.21"], ["2.14"]),
  "lets everybody in only under a condition": resource(["Lambda.1", "SNS.4", "KMS.5"]),
  "accepts an identity provider's tokens only for one audience and named subjects": resource(),
  "attaches no full access policy of AWS": resource(["IAM.1"], ["2.14"]),
  "creates no users and no access keys": resource(["IAM.3"]),
  "names resources wherever an action can be limited to them": resource(["IAM.21"]),
  "lets keys be used only through the services that encrypt with them": resource(),
  "names actions that exist": resource(),
  "names resources that the actions apply to": resource(),
};

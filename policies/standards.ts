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
  "gives each parameter a value that AWS takes": resource(),
  "writes no document longer than AWS takes": resource(),
  "puts no more into one place than AWS takes": stack(),
  "asks RDS only for what the engine and its machine have": resource(),
  "looks at a figure over times that CloudWatch takes": resource(),
  "asks S3 for no object's end before its beginning": resource(),
  "keeps a firewall within its capacity": resource(),
  "asks for no roll-back of instances whose image AWS looks up": stack(),
  "listens once at each port of a load balancer": stack(),
  "takes passkeys only in pools that can have them": resource(),
  "binds passkeys to a site's name": resource(),
  "sends people's mail from an address": resource(),
  "declares once what an account has once": stack(),
  "lets CloudWatch Logs use a key wholly or not at all": resource(),
  "lets CloudTrail take its role without a condition": resource(),
  "begins no backup of RDS in its own windows or the hour before": stack(),
  "hands on in a pipeline what an earlier action has made": resource(),
  "builds on a machine that its image is made for": resource(),
  "deploys by as many alarms and groups as CodeDeploy takes": resource(),
  "clears images away by rules that ECR takes": resource(),
  "lets whoever may refresh it read each object that it declares": stack(),
  "lets flow logs do what AWS asks for": stack(),
  "makes an instance anew when its user data change": resource(),
  "leads each route to one target": resource(),
  "has one route to a destination in each table": stack(),
  "gives each address to one holder": stack(),
  "has one other end in each rule of a security group": resource(),
  "gives ports to a protocol that has them": resource(),
  "has each rule of a security group once": stack(),
  "puts each endpoint where its kind goes": resource(),
  "keeps old servers until new ones are healthy at the load balancer": resource(),
  "asks of an instance refresh what AWS takes": resource(),
  "gives a certificate to each listener with TLS, and to no other": resource(),
  "serves by certificates of its own region": resource(),
  "waits for an answer to a health check no longer than until the next one": resource(),
  "puts each application load balancer into two zones": resource(),
  "names a launch template's security groups in one place": resource(),
  "starts machines from images of their architecture": resource(),
  "writes access logs to a bucket that takes them": stack(),
  "lets machines that bake do what Image Builder asks for": stack(),
  "collects metadata of images only by machines that may take inventories": stack(),
  "logs bakings where Image Builder may write": resource(),
  "publishes machine images where Image Builder may write": resource(),
  "bakes by a schedule that Image Builder reads": resource(),
  "bakes images on machines of their architecture": stack(),
  "lets a role do its work before AWS tries it": stack(),
  "lets AWS write into a bucket before it tries": stack(),
  "lets S3 tell of a bucket's events before it is asked to": stack(),
  "leads a network out before what stands in it": stack(),
  "lets packets through before what sends them starts": stack(),
  "publishes an API when its methods are there": stack(),
  "serves by a certificate when it is issued": stack(),
  "opens no administration port to the internet": resource(["EC2.13", "EC2.14"], ["6.3"]),
  "lets the internet reach nothing but load balancers": stack(["EC2.18", "EC2.19"]),
  "says why each security group and each rule is there": resource(),
  "closes the default security group of each VPC": stack(["EC2.2"], ["6.5"]),
  "logs the flows of each VPC": stack(["EC2.6"], ["4.7"]),
  "joins no two of its VPCs": stack(),
  "hands out public addresses by no subnet": resource(["EC2.15"]),
  "gives instance metadata for session tokens only": resource(["EC2.8", "AutoScaling.3"], ["6.7"]),
  "uses no launch configuration, which AWS has closed": resource(["AutoScaling.9"]),
  "renews a group's instances when their template changes": resource(),
  "speaks TLS 1.2 or newer at each HTTPS listener": resource(["ELB.17"]),
  "sends plain HTTP on to HTTPS where there is HTTPS": stack(["ELB.1"]),
  "encrypts whatever holds data": resource(
    ["EC2.3", "EFS.1", "RDS.3", "SNS.1", "SQS.1", "CloudTrail.2"],
    ["6.1.1"],
  ),
  "turns each KMS key over by itself": resource(["KMS.4"], ["4.6"]),
  "blocks the public from each bucket": stack(["S3.8"], ["3.1.4"]),
  "gives no bucket access lists": stack(["S3.12"]),
  "keeps versions in each bucket": stack(["S3.14"]),
  "encrypts each bucket": stack(["S3.17"]),
  "clears half-done uploads out of each bucket": stack(["S3.13"]),
  "lets nobody reach a bucket without TLS": stack(["S3.5"], ["3.1.1"]),
  "keeps whatever holds data where the stack says so, and only there": resource([
    "RDS.7",
    "RDS.8",
    "ELB.6",
    "DynamoDB.6",
  ]),
  "writes down what happens wherever AWS does so only on request": resource([
    "ELB.5",
    "APIGateway.1",
    "APIGateway.9",
    "StepFunctions.1",
    "CodeBuild.4",
    "RDS.36",
  ]),
  "keeps each log for a known time": resource(["CloudWatch.16"]),
  "runs each function on Node 22 and arm64": resource(["Lambda.2"]),
  "gives each function its time and memory": resource(),
  "gives each function a role of its own": stack(),
  "allows no whole service": resource(["IAM.1", "IAM.21"], ["2.14"]),
  "lets nobody in without a condition": resource(["Lambda.1", "SNS.4", "KMS.5"]),
  "takes an identity provider's tokens for one audience and named subjects": resource(),
  "attaches no full access of AWS's": resource(["IAM.1"], ["2.14"]),
  "makes no users with keys": resource(["IAM.3"]),
  "names resources wherever the action knows any": resource(["IAM.21"]),
  "lets keys be used through the services that store under them": resource(),
  "names actions that exist": resource(),
  "names resources that the actions are about": resource(),
};

import { each, Rules } from "../rule";

/** What AWS takes as a text, by the page that says so. */
interface Text {
  field: string;
  longest: number;
  /** The characters it may have; any when left out. */
  characters?: RegExp;
  source: string;
}

const EC2 = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference";
/** No apostrophe is among them. */
const EC2_CHARACTERS = /^[a-zA-Z0-9 ._\-:/()#,@[\]+=&;{}!$*]*$/;
const groupText = (page: string): Text => ({
  field: "description",
  longest: 255,
  characters: EC2_CHARACTERS,
  source: `${EC2}/${page}.html`,
});

export const TEXTS: Record<string, Text[]> = {
  "aws:ec2/securityGroup:SecurityGroup": [groupText("API_CreateSecurityGroup")],
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": [groupText("API_IpRange")],
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": [groupText("API_IpRange")],
  "aws:iam/role:Role": [
    {
      field: "description",
      longest: 1_000,
      characters: /^[\t\n\r\u0020-\u007e\u00a1-\u00ff]*$/,
      source: "https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html",
    },
  ],
  "aws:cloudwatch/metricAlarm:MetricAlarm": [
    {
      field: "alarmDescription",
      longest: 1_024,
      source: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html",
    },
  ],
  "aws:cloudwatch/eventRule:EventRule": [
    {
      field: "description",
      longest: 512,
      source: "https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html",
    },
    {
      field: "eventPattern",
      longest: 4_096,
      source: "https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html",
    },
  ],
  "aws:kms/key:Key": [
    {
      field: "description",
      longest: 8_192,
      source: "https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateKey.html",
    },
  ],
  "aws:secretsmanager/secret:Secret": [
    {
      field: "description",
      longest: 2_048,
      source: "https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html",
    },
  ],
  "aws:ssm/parameter:Parameter": [
    {
      field: "description",
      longest: 1_024,
      source: "https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html",
    },
    {
      // A standard parameter; a longer one is advanced, and costs.
      field: "value",
      longest: 4_096,
      source: "https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html",
    },
  ],
  "aws:cognito/userGroup:UserGroup": [
    {
      field: "description",
      longest: 2_048,
      source:
        "https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateGroup.html",
    },
  ],
};

/** What AWS refuses of texts, and no plan tells. */
export const textRules: Rules = {
  "writes only texts of the characters and length that AWS takes": each(
    Object.keys(TEXTS),
    ({ type, inputs }) =>
      TEXTS[type]!.flatMap(({ field, longest, characters, source }) => {
        const text: unknown = inputs[field];
        if (typeof text !== "string") return [];
        const wrong = characters && [...text].find((character) => !characters.test(character));
        if (wrong !== undefined) return [`has ${JSON.stringify(wrong)} in its ${field} (${source})`];
        return text.length > longest ? [`has a ${field} longer than ${longest} (${source})`] : [];
      }).join("; "),
  ),
};

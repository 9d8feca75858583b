import type { Counterpart } from "./counterpart";

export const guards: Record<string, Counterpart> = {
  "aws:accessanalyzer/analyzer:Analyzer": {
    service: "accessanalyzer",
    at: ["CreateAnalyzer"],
    cloudFormation: "AWS::AccessAnalyzer::Analyzer",
  },
  "aws:budgets/budget:Budget": {
    service: "budgets",
    at: ["CreateBudget/Budget", "CreateBudget"],
    renamed: {
      name: "BudgetName",
      notifications: "NotificationsWithSubscribers/Notification",
      "notifications.subscriberEmailAddresses": "-",
      limitAmount: "BudgetLimit/Amount",
      limitUnit: "BudgetLimit/Unit",
      costFilters: "-",
      timePeriodStart: "TimePeriod/Start",
      timePeriodEnd: "TimePeriod/End",
      tags: "ResourceTags",
    },
  },
  "aws:cloudtrail/trail:Trail": {
    service: "cloudtrail",
    at: ["CreateTrail", "PutEventSelectors", "PutInsightSelectors"],
    cloudFormation: "AWS::CloudTrail::Trail",
    renamed: {
      enableLogFileValidation: "EnableLogFileValidation",
      cloudWatchLogsGroupArn: "CloudWatchLogsLogGroupArn",
      tags: "TagsList",
      "advancedEventSelectors.fieldSelectors.field": "Field",
    },
  },
  "aws:cognito/userGroup:UserGroup": {
    service: "cognito-idp",
    at: ["CreateGroup"],
    cloudFormation: "AWS::Cognito::UserPoolGroup",
    renamed: { name: "GroupName" },
  },
  "aws:cognito/riskConfiguration:RiskConfiguration": {
    service: "cognito-idp",
    at: ["SetRiskConfiguration"],
  },
  "aws:cognito/userPool:UserPool": {
    service: "cognito-idp",
    at: ["CreateUserPool", "SetUserPoolMfaConfig"],
    cloudFormation: "AWS::Cognito::UserPool",
    renamed: {
      name: "PoolName",
      schemas: "Schema",
      tags: "UserPoolTags",
      passwordPolicy: "Policies/PasswordPolicy",
      signInPolicy: "Policies/SignInPolicy",
      userPoolAddOns: "UserPoolAddOns",
      "accountRecoverySetting.recoveryMechanisms": "RecoveryMechanisms",
      softwareTokenMfaConfiguration: "SoftwareTokenMfaConfiguration",
    },
  },
  "aws:cognito/userPoolClient:UserPoolClient": {
    service: "cognito-idp",
    at: ["CreateUserPoolClient"],
    cloudFormation: "AWS::Cognito::UserPoolClient",
    renamed: { name: "ClientName", callbackUrls: "CallbackURLs", logoutUrls: "LogoutURLs" },
  },
  "aws:guardduty/malwareProtectionPlan:MalwareProtectionPlan": {
    service: "guardduty",
    at: ["CreateMalwareProtectionPlan"],
    cloudFormation: "AWS::GuardDuty::MalwareProtectionPlan",
  },
  "aws:iam/accountPasswordPolicy:AccountPasswordPolicy": {
    service: "iam",
    at: ["UpdateAccountPasswordPolicy"],
  },
  "aws:iam/instanceProfile:InstanceProfile": {
    service: "iam",
    at: ["CreateInstanceProfile", "AddRoleToInstanceProfile"],
    cloudFormation: "AWS::IAM::InstanceProfile",
    renamed: { name: "InstanceProfileName", role: "RoleName" },
  },
  "aws:iam/openIdConnectProvider:OpenIdConnectProvider": {
    service: "iam",
    at: ["CreateOpenIDConnectProvider"],
    cloudFormation: "AWS::IAM::OIDCProvider",
  },
  "aws:iam/policy:Policy": {
    service: "iam",
    at: ["CreatePolicy"],
    cloudFormation: "AWS::IAM::ManagedPolicy",
    renamed: { name: "PolicyName", policy: "PolicyDocument" },
  },
  "aws:iam/role:Role": {
    service: "iam",
    at: ["CreateRole"],
    cloudFormation: "AWS::IAM::Role",
    renamed: { name: "RoleName", assumeRolePolicy: "AssumeRolePolicyDocument" },
  },
  "aws:iam/rolePolicy:RolePolicy": {
    service: "iam",
    at: ["PutRolePolicy"],
    cloudFormation: "AWS::IAM::RolePolicy",
    renamed: { name: "PolicyName", role: "RoleName", policy: "PolicyDocument" },
  },
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": {
    service: "iam",
    at: ["AttachRolePolicy"],
    renamed: { role: "RoleName" },
  },
};

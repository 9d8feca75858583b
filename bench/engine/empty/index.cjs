const aws = require("@pulumi/aws");

exports.account = aws.getCallerIdentityOutput().accountId;

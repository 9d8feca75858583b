import * as aws from "@pulumi/aws";

new aws.chime.VoiceConnector("nobody", { name: "nobody", requireEncryption: true });

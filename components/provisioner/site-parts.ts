import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

type Parent = { parent: pulumi.Resource };

/** What every site's distribution refers to, as parameters of `static.yaml`. */
export type SiteParts = Record<
  "OriginAccessId" | "IndexFunctionArn" | "HeadersPolicyId" | "OpenHeadersPolicyId",
  pulumi.Output<string>
>;

/**
 * What CloudFront serves all static projects with, created once: an account has room for 20 header policies, 100 functions and 100
 * access controls, and each of them serves 100 distributions. A change to one reaches all sites at once.
 */
export function siteParts(name: string, parent: Parent): SiteParts {
  const access = new aws.cloudfront.OriginAccessControl(
    `${name}-sites`,
    {
      description: "The sites of all projects",
      originAccessControlOriginType: "s3",
      signingBehavior: "always",
      signingProtocol: "sigv4",
    },
    parent,
  );
  const index = new aws.cloudfront.Function(
    `${name}-site-index`,
    { comment: "A folder's own page", runtime: "cloudfront-js-2.0", publish: true, code: INDEX },
    parent,
  );
  const headers = headersPolicy(
    `${name}-site-headers`,
    "Sites that stay among themselves",
    {
      frameOptions: { frameOption: "SAMEORIGIN", override: true },
      contentSecurityPolicy: {
        override: true,
        contentSecurityPolicy:
          "default-src 'self' 'unsafe-inline' https: data: blob:; object-src 'none'; base-uri 'self'; frame-ancestors 'self'",
      },
    },
    parent,
  );
  // Wallets open a dapp in a frame of their own browser.
  const openHeaders = headersPolicy(
    `${name}-dapp-headers`,
    "Sites that talk to any other origin",
    {
      contentSecurityPolicy: {
        override: true,
        contentSecurityPolicy:
          "default-src 'self' 'unsafe-inline' data: blob:; connect-src 'self' https: wss:; img-src 'self' https: data:; object-src 'none'; base-uri 'self'",
      },
    },
    parent,
  );
  return {
    OriginAccessId: access.id,
    IndexFunctionArn: index.arn,
    HeadersPolicyId: headers.id,
    OpenHeadersPolicyId: openHeaders.id,
  };
}

/** S3 behind an origin access control does not serve a folder's index. */
const INDEX = `function handler(event) {
  var request = event.request;
  if (request.uri.endsWith("/")) request.uri += "index.html";
  else if (!request.uri.split("/").pop().includes(".")) request.uri += "/index.html";
  return request;
}
`;

function headersPolicy(
  name: string,
  comment: string,
  security: aws.types.input.cloudfront.ResponseHeadersPolicySecurityHeadersConfig,
  parent: Parent,
): aws.cloudfront.ResponseHeadersPolicy {
  return new aws.cloudfront.ResponseHeadersPolicy(
    name,
    {
      comment,
      securityHeadersConfig: {
        contentTypeOptions: { override: true },
        referrerPolicy: { referrerPolicy: "strict-origin-when-cross-origin", override: true },
        strictTransportSecurity: {
          accessControlMaxAgeSec: 31_536_000,
          includeSubdomains: false,
          override: true,
        },
        ...security,
      },
    },
    parent,
  );
}

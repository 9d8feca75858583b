/** CloudFront takes certificates from there only. */
export const CLOUDFRONT_REGION = "us-east-1";

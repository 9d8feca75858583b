/** CloudFront accepts certificates from this region only. */
export const CLOUDFRONT_REGION = "us-east-1";

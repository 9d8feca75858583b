import { each, label, ofType, Rules } from "../rule";

const GROUP = "aws:autoscaling/group:Group";
const TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate";
const LISTENER = "aws:lb/listener:Listener";

/** Settings that AWS accepts each by itself, but refuses together. */
export const combinationRules: Rules = {
  // The roll-back uses the image's id in the template, which AWS does not record if it looked the image up.
  // https://docs.aws.amazon.com/autoscaling/ec2/userguide/instance-refresh-rollback.html
  "asks for no rollback of instances whose image AWS resolves": each([GROUP], ({ inputs }, view) => {
    const looksUp = ofType(view, TEMPLATE).some(
      (template) =>
        `${template.name}-id` === inputs.launchTemplate?.id &&
        String(template.inputs.imageId).startsWith("resolve:ssm:"),
    );
    return (
      looksUp &&
      inputs.instanceRefresh?.preferences?.autoRollback === true &&
      "asks for a rollback of its instances, but its template's image is resolve:ssm"
    );
  }),

  // https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateListener.html, DuplicateListener
  "has one listener for each port of a load balancer": (view) => {
    const listeners = ofType(view, LISTENER);
    return listeners
      .filter(
        ({ inputs }, i) =>
          listeners.findIndex(
            (other) =>
              other.inputs.loadBalancerArn === inputs.loadBalancerArn && other.inputs.port === inputs.port,
          ) !== i,
      )
      .map((listener) => `${label(listener)} is the second listener at port ${listener.inputs.port}`);
  },
};

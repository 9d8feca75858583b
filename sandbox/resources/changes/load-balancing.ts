import { Changes } from "../../engine/types";
import { balancerAttributes, groupAttributes, healthCheckOf, listenerOf } from "../load-balancing";

export const loadBalancing: Changes = {
  LoadBalancer: {
    async update(r) {
      const elb = await r.use("elb");
      const LoadBalancerArn = r.id;
      if (r.changed.includes("securityGroups"))
        await elb.setSecurityGroups({ LoadBalancerArn, SecurityGroups: r.inputs["securityGroups"] });
      if (r.changed.includes("subnets"))
        await elb.setSubnets({ LoadBalancerArn, Subnets: r.inputs["subnets"] });
      await elb.modifyLoadBalancerAttributes({ LoadBalancerArn, Attributes: balancerAttributes(r.inputs) });
    },
    remove: async (r) => (await r.use("elb")).deleteLoadBalancer({ LoadBalancerArn: r.id }),
  },
  TargetGroup: {
    async update(r) {
      const elb = await r.use("elb");
      await elb.modifyTargetGroup({ TargetGroupArn: r.id, ...healthCheckOf(r.inputs) });
      await elb.modifyTargetGroupAttributes({
        TargetGroupArn: r.id,
        Attributes: groupAttributes(r.inputs),
      });
    },
    remove: async (r) => (await r.use("elb")).deleteTargetGroup({ TargetGroupArn: r.id }),
  },
  Listener: {
    async update(r) {
      await (await r.use("elb")).modifyListener({ ListenerArn: r.id, ...listenerOf(r.inputs) });
    },
    remove: async (r) => (await r.use("elb")).deleteListener({ ListenerArn: r.id }),
  },
};

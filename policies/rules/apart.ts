import type { Declared, StackView } from "../declared";
import { label, list, ofType, Rules } from "./rule";

const SUBNET = "aws:ec2/subnet:Subnet";
const TABLE = "aws:ec2/routeTable:RouteTable";
const PEERING = "aws:ec2/vpcPeeringConnection:VpcPeeringConnection";
const TRANSIT = "aws:ec2transitgateway/vpcAttachment:VpcAttachment";
const ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint";
const SERVICE = "aws:ec2/vpcEndpointService:VpcEndpointService";

/** The types of a route's targets, by the property that names them. */
const TARGETS = {
  gatewayId: "aws:ec2/internetGateway:InternetGateway",
  natGatewayId: "aws:ec2/natGateway:NatGateway",
  networkInterfaceId: "aws:ec2/networkInterface:NetworkInterface",
  vpcEndpointId: ENDPOINT,
};

const idOf = ({ name }: Declared) => `${name}-id`;

/** Finds the VPC of a stack's resource, by its type and id. Undefined for a resource that the stack does not declare. */
function placesIn(view: StackView) {
  return function vpcOf(type: string, id: unknown): string | undefined {
    const inputs = ofType(view, type).find((one) => idOf(one) === id)?.inputs;
    return (inputs?.vpcId as string | undefined) ?? (inputs?.subnetId && vpcOf(SUBNET, inputs.subnetId));
  };
}

/** The two VPCs must stay apart: one of them runs strangers' containers. */
export const apartRules: Rules = {
  "connects no two of its VPCs": (view) => {
    const own = ofType(view, "aws:ec2/vpc:Vpc").map(idOf);
    const vpcOf = placesIn(view);
    const peerings = ofType(view, PEERING).filter(
      ({ inputs }) => own.includes(inputs.vpcId) && own.includes(inputs.peerVpcId),
    );
    const attachments = ofType(view, TRANSIT).filter(({ inputs }) => own.includes(inputs.vpcId));
    const doubled = attachments.filter(({ inputs }) =>
      attachments.some(
        (other) =>
          other.inputs.transitGatewayId === inputs.transitGatewayId && other.inputs.vpcId !== inputs.vpcId,
      ),
    );
    const routes = ofType(view, "aws:ec2/route:Route").filter(({ inputs }) => {
      const from = vpcOf(TABLE, inputs.routeTableId);
      const ends = Object.entries(TARGETS).map(([property, type]) => vpcOf(type, inputs[property]));
      return from !== undefined && ends.some((end) => end !== undefined && end !== from);
    });
    // A preview does not know a service's name yet, so an endpoint may refer to the service itself.
    const services = ofType(view, SERVICE).flatMap((one) => [idOf(one), one.outputs.serviceName]);
    const endpoints = ofType(view, ENDPOINT).filter(({ inputs }) => {
      const ends = [
        ...list<string>(inputs.routeTableIds).map((id) => vpcOf(TABLE, id)),
        ...list<string>(inputs.subnetIds).map((id) => vpcOf(SUBNET, id)),
      ];
      const elsewhere = ends.some((end) => end !== undefined && end !== inputs.vpcId);
      return elsewhere || (inputs.serviceName !== undefined && services.includes(inputs.serviceName));
    });
    return [
      ...peerings.map((one) => `${label(one)} connects ${one.inputs.vpcId} and ${one.inputs.peerVpcId}`),
      ...doubled.map(
        (one) => `${label(one)} connects ${one.inputs.vpcId} to another VPC through a transit gateway`,
      ),
      ...routes.map((one) => `${label(one)} leads into another VPC`),
      ...endpoints.map((one) => `${label(one)} leads into another VPC`),
    ];
  },
};

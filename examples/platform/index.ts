// The whole platform, wired by hand: what a Groundwork stack builds from its settings.
import * as gw from "@groundwork-platform/components";

const keepData = true;
const parameterPath = "/platform-example";
const topic = new gw.AlarmTopic("alarms", { emails: ["operations@example.com"], keepData });
const accessLogs = new gw.AccessLogs("access-logs", { keepData });

const network = new gw.Network("network", { egress: "gateway-per-zone" });
const bastion = new gw.Bastion("bastion", { network });
const database = new gw.ManagedDatabase("database", { network, keepData });

const image = new gw.WebImage("web", { context: "./app", dockerfile: "./app/Dockerfile", keepData });
const bakedImage = new gw.BakedImage("web-image", { network, image });
const subnets = "private";
const environment = { PARAMETER_PATH: parameterPath, UPLOADS_PARAMETER: `${parameterPath}/uploads/settings` };
const standsOn = { network, bastion, database, image, bakedImage };
const web = new gw.WebTier("web", { ...standsOn, subnets, environment, keepData });
const people = new gw.UserPool("people", { web, parameterPath, mfa: "required", keepData });
const uploads = new gw.FileUploads("uploads", { web, parameterPath, keepData });

const shared = { web, people, accessLogs, keepData, apiAccount: new gw.ApiAccount("api") };
const repository = "example/platform";
const delivery = new gw.Delivery("delivery", { ...shared, image, repository, approval: true });
const sender = "projects@example.com";
const provisioner = new gw.Provisioner("provisioner", { ...shared, network, parameterPath, sender });

const areas = [network, web, bakedImage, database, uploads, delivery, provisioner];
const protects = { ...web.publicArns, ...delivery.publicArns, ...provisioner.publicArns };
const firewall = new gw.WebFirewall("firewall", { protects });
const resourceArns = [...database.dataArns, ...delivery.dataArns, ...provisioner.dataArns];
const backups = new gw.BackupPlan("backups", { resourceArns, keepData });
const monitoring = [...areas, firewall, backups].flatMap((each) => each.monitoring());
const { alarmArns } = new gw.Alarms("alarms", { topic, monitoring });
const dashboard = new gw.Dashboard("dashboard", { dashboardName: "platform", alarmArns, monitoring });

export const url = web.url;
export const deliveryUrl = delivery.apiUrl;
export const provisionerUrl = provisioner.apiUrl;
export const dashboardUrl = dashboard.url;

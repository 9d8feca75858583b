/** Lets everybody read the notes; who may do more is set in the admin panel. */
async function bootstrap({ strapi }) {
  const permissions = strapi.db.query("plugin::users-permissions.permission");
  const role = await strapi.db.query("plugin::users-permissions.role").findOne({ where: { type: "public" } });
  const data = { action: "api::note.note.find", role: role.id };
  if (!(await permissions.findOne({ where: data }))) await permissions.create({ data });
}

module.exports = { register() {}, bootstrap };
